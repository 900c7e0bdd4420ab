package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// profiled has every kind of layer that a Profile treats in its own way.
func profiled(t *testing.T) (*graph.Model, graph.Batch) {
	net := layers.Sequential{
		layers.Recompute{Layer: layers.Sequential{layers.Conv2D{Filters: 4, Kernel: []int{3}}, layers.BatchNorm{}, layers.ReLU{}, layers.MaxPool2D{}}},
		layers.Flatten{}, layers.Dropout{Rate: 0.2}, layers.Reshape{Shape: []int{6, 6}}, layers.Named("memory", layers.LSTM{Units: 5}),
		layers.Named("loop", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { // op by op, since Softmax does not run by rows
			_, outs := s.Scan([]graph.Node{x}, []graph.Node{x.Reshape(1, -1, 5).BroadcastTo(4, x.Dim(0), 5)}, func(_ *graph.Scope, h, x []graph.Node) (next, out []graph.Node) {
				next = []graph.Node{h[0].Add(x[0]).Softmax(1)}
				return next, next
			})
			return outs[0].Slice(0, 3, 4).Reshape(-1, 5)
		})),
		layers.Dense{Units: 3},
	}
	m, err := graph.Compile(net, graph.Config{Input: []int{1, 8, 8}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.EMA{Optimizer: optimizers.Adam{}}, Seed: 2})
	require.NoError(t, err)
	return m, graph.Batch{X: random(1, 7, 1, 8, 8), Y: random(2, 7, 3)}
}

// row returns the profile of a layer.
func row(t *testing.T, p *graph.Profile, layer string) graph.LayerProfile {
	i := slices.IndexFunc(p.Layers, func(l graph.LayerProfile) bool { return l.Layer == layer })
	require.GreaterOrEqual(t, i, 0, layer)
	return p.Layers[i]
}

// TestProfileChangesNothing: steps before and after a Profile have the bits that they have without it.
func TestProfileChangesNothing(t *testing.T) {
	ctx := context.Background()
	var weights [2]graph.Weights
	for i := range weights {
		m, batch := profiled(t)
		for range 3 {
			_, err := m.Step(ctx, batch)
			require.NoError(t, err)
			if i == 1 {
				before := m.Weights()
				_, err := m.Profile(ctx, batch, 2)
				require.NoError(t, err)
				require.Equal(t, before, m.Weights())
			}
		}
		weights[i] = m.Weights()
	}
	for name, w := range weights[0] {
		require.Equal(t, w.Data(), weights[1][name].Data(), name)
	}
}

// TestProfile: the rows are the layers, their times add up to that of the step, and the work of each is counted in the pass in which
// it is done.
func TestProfile(t *testing.T) {
	m, batch := profiled(t)
	p, err := m.Profile(context.Background(), batch, 5)
	require.NoError(t, err)
	var total graph.Work
	var names []string
	for _, l := range p.Layers {
		w := l.Total()
		require.GreaterOrEqual(t, w.Time, 0*w.Time, l.Layer)
		total.Time += w.Time
		names = append(names, l.Layer)
	}
	require.Equal(t, p.Time, total.Time)
	require.Equal(t, []string{"sequential1/conv2d1", "sequential1/batchnorm1", "sequential1/relu1", "sequential1/maxpool2d1", "flatten1", "dropout1", "reshape1",
		"memory", "loop", "dense1", "loss", "optimizer", "between operations"}, names)
	require.Equal(t, 7, p.Rows)
	require.Positive(t, p.Memory)

	const products, bias = 7 * 4 * 6 * 6 * 9, 7 * 4 * 6 * 6
	conv := row(t, p, "sequential1/conv2d1")
	require.Equal(t, float64(2*products+bias), conv.Forward.Flops)
	require.Equal(t, float64(2*products+bias), conv.Again.Flops)
	require.Greater(t, conv.Backward.Flops, 2.0*products) // by the weights; the network's input has no gradient
	require.Less(t, conv.Backward.Flops, 3.0*products)
	dense := row(t, p, "dense1")
	require.Zero(t, dense.Again)
	require.Equal(t, 1, dense.Forward.Ops, "a product with the bias")
	require.Equal(t, 2, dense.Backward.Ops, "a product, and one with a sum")
	require.Equal(t, 2.0*7*5*3*2+7*3, dense.Backward.Flops)
	memory := row(t, p, "memory")
	loop := row(t, p, "loop")
	require.GreaterOrEqual(t, loop.Forward.Ops, 4*2, "the operations of a loop count at each of 4 times")
	require.GreaterOrEqual(t, loop.Forward.Flops, 4*7*5*(1+4.0))
	require.Greater(t, memory.Forward.Flops, 2.0*7*6*20*(6+5))
	require.Greater(t, memory.Backward.Flops, memory.Forward.Flops)
	require.Zero(t, row(t, p, "optimizer").Total().Flops)
	require.Positive(t, row(t, p, "optimizer").Total().Bytes)

	text := p.String()
	for _, name := range append(names, "total", "again ms", "GFLOP/s", "a step on 7 samples: ") {
		require.Contains(t, text, name)
	}
	require.Len(t, strings.Split(strings.TrimSpace(text), "\n"), len(names)+3)
}

// TestProfileFlops compares the counts of single layers with formulas.
func TestProfileFlops(t *testing.T) {
	const rows, time, width, heads = 3, 5, 8, 2
	pairs, seen := float64(rows*heads*time*time), float64(rows*heads*time*(time+1)/2)
	dense := func(out int) float64 { return 2 * rows * time * width * float64(out) }
	size := float64(width / heads)
	for _, r := range []struct {
		name              string
		layer             graph.Layer
		input             []int
		forward, backward float64 // of all of the layer's operations
	}{
		{"dense", layers.Dense{Units: 4, NoBias: true}, []int{6}, 2 * rows * 6 * 4, 2 * rows * 6 * 4},
		{"groups", layers.Conv2D{Filters: 4, Kernel: []int{3}, Groups: 2, NoBias: true}, []int{2, 5, 5}, 2 * rows * 4 * 9 * 9, 2 * rows * 4 * 9 * 9},
		{"relu", layers.ReLU{}, []int{10}, 0, 0}, // nothing to train
		{"attention", layers.MultiHeadAttention{Heads: heads, NoBias: true}, []int{time, width},
			dense(4*width) + pairs*4*size, dense(4*width) + dense(width) + pairs*10*size},
		{"causal", layers.MultiHeadAttention{Heads: heads, NoBias: true, Causal: true}, []int{time, width},
			dense(4*width) + seen*4*size, dense(4*width) + dense(width) + seen*10*size},
	} {
		t.Run(r.name, func(t *testing.T) {
			net := layers.Sequential{layers.Named("layer", r.layer), layers.Flatten{}, layers.Named("end", layers.Dense{Units: 1})}
			m, err := graph.Compile(net, graph.Config{Input: r.input, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}})
			require.NoError(t, err)
			p, err := m.Profile(context.Background(), graph.Batch{X: random(1, append([]int{rows}, r.input...)...), Y: random(2, rows, 1)}, 1)
			require.NoError(t, err)
			var forward, backward float64
			for _, l := range p.Layers {
				if l.Layer == "layer" || strings.HasPrefix(l.Layer, "layer/") {
					forward, backward = forward+l.Forward.Flops, backward+l.Backward.Flops
				}
			}
			if r.name == "relu" {
				require.Equal(t, 10.0*rows, forward)
				return
			}
			require.Equal(t, r.forward, forward)
			require.Equal(t, r.backward, backward)
		})
	}
}

// TestProfileTrace: the trace is JSON of which the events on each line contain each other or are apart.
func TestProfileTrace(t *testing.T) {
	m, batch := profiled(t)
	p, err := m.Profile(context.Background(), batch, 1)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, p.WriteTrace(&b))
	var trace struct {
		TraceEvents []struct {
			Name, Cat, Ph string
			Ts, Dur       float64
			Pid, Tid      int
			Args          map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &trace))
	names := map[string]int{}
	for i, e := range trace.TraceEvents {
		names[e.Name]++
		if e.Ph == "M" {
			continue
		}
		require.Equal(t, "X", e.Ph)
		require.GreaterOrEqual(t, e.Dur, 0.0)
		for _, f := range trace.TraceEvents[:i] {
			if f.Ph == "X" && f.Tid == e.Tid {
				const near = 1e-6
				apart := f.Ts+f.Dur <= e.Ts+near || e.Ts+e.Dur <= f.Ts+near
				inside := f.Ts <= e.Ts+near && e.Ts+e.Dur <= f.Ts+f.Dur+near || e.Ts <= f.Ts+near && f.Ts+f.Dur <= e.Ts+e.Dur+near
				require.True(t, apart || inside, "%v and %v", e, f)
			}
		}
	}
	for _, name := range []string{"forward", "backward", "again", "sequential1", "conv2d1", "memory", "loss", "optimizer", "Conv+bias", "Scan"} {
		require.Positive(t, names[name], name)
	}
}

// TestProfileErrors: what cannot be profiled is an error, and other calls may run meanwhile.
func TestProfileErrors(t *testing.T) {
	ctx := context.Background()
	m, batch := profiled(t)
	_, err := m.Profile(ctx, batch, 0)
	require.EqualError(t, err, "graph: Profile: got 0 steps, want 1 or more")
	_, err = m.Profile(ctx, graph.Batch{X: batch.Y, Y: batch.Y}, 1)
	require.ErrorIs(t, err, graph.ErrInput)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = m.Profile(ended, batch, 1)
	require.ErrorIs(t, err, context.Canceled)
	bare, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	_, err = bare.Profile(ctx, graph.Batch{X: random(1, 2, 2), Y: random(1, 2, 1)}, 1)
	require.ErrorContains(t, err, "graph: Profile: ")

	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			for range 5 {
				_, err := m.Predict(ctx, batch.X)
				require.NoError(t, err)
				_, err = m.Step(ctx, batch)
				require.NoError(t, err)
			}
		})
	}
	_, err = m.Profile(ctx, batch, 10)
	require.NoError(t, err)
	wait.Wait()
}
