package graph_test

import (
	"context"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// live returns the bytes of the heap that are in use.
func live() int {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int(s.HeapAlloc)
}

// TestProgramsShareMemory: predictions of every number of rows, again and again, compile each program once, give the bits of a
// new model with more workers, and take little more memory than the largest.
func TestProgramsShareMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector takes memory of its own")
	}
	emitted := 0
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		emitted++
		return s.Apply(layers.Sequential{layers.Conv2D{Filters: 4, Kernel: []int{3, 3}}, layers.ReLU{}, layers.MaxPool2D{}, layers.Flatten{},
			layers.Dense{Units: 10}, layers.Softmax{}}, x)
	})
	m, err := graph.Compile(net, graph.Config{Input: []int{1, 16, 16}, Workers: 1}) // several compile a program each when they run together
	require.NoError(t, err)
	all := tensor.New(tensor.WithShape(400, 1, 16, 16), tensor.WithBacking(make([]float32, 400*256)))
	for i := range all.Float32s() {
		all.Float32s()[i] = float32(i%97) / 97
	}
	before := live()
	var last []float32
	for pass := range 2 {
		start := emitted
		for rows := 1; rows <= 400; rows++ {
			x := tensor.New(tensor.WithShape(rows, 1, 16, 16), tensor.WithBacking(append([]float32(nil), all.Float32s()[:rows*256]...)))
			y, err := m.Predict(context.Background(), x)
			require.NoError(t, err)
			last = y.Float32s()
		}
		if pass == 1 {
			require.Equal(t, start, emitted, "a second pass builds no graph")
		}
	}
	require.Less(t, live()-before, 40<<20)
	fresh, err := graph.Compile(net, graph.Config{Input: []int{1, 16, 16}})
	require.NoError(t, err)
	y, err := fresh.Predict(context.Background(), all)
	require.NoError(t, err)
	require.Equal(t, y.Float32s(), last)
	runtime.KeepAlive(m)
}

// TestProgramsTogether: programs of different sizes and modes that take turns in one memory do not disturb each other.
func TestProgramsTogether(t *testing.T) {
	ctx := context.Background()
	compile := func() *graph.Model {
		m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 7}, layers.Tanh{}, layers.LayerNorm{}, layers.Dense{Units: 3}},
			graph.Config{Input: []int{5}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
		require.NoError(t, err)
		return m
	}
	together, apart := compile(), compile()
	x, y := random(1, 90, 5), random(2, 90, 3)
	data := graph.Arrays{X: x, Y: y}
	for range 3 {
		for _, rows := range []int{1, 90, 17, 64} {
			part := tensor.New(tensor.WithShape(rows, 5), tensor.WithBacking(x.Float64s()[:5*rows]))
			p, err := together.Predict(ctx, part) // float64 data is converted in the memory, too
			require.NoError(t, err)
			require.NoError(t, apart.SetWeights(together.Weights()))
			q, err := apart.Predict(ctx, part)
			require.NoError(t, err)
			require.Equal(t, q.Data(), p.Data())
		}
		_, err := together.Fit(ctx, data, graph.FitConfig{BatchSize: 13, Valid: data})
		require.NoError(t, err)
		loss, g, err := together.Gradients(x, y)
		require.NoError(t, err)
		_, err = together.Evaluate(ctx, data)
		require.NoError(t, err)
		again, h, err := together.Gradients(x, y)
		require.NoError(t, err)
		require.Equal(t, loss, again)
		for name := range g {
			require.Equal(t, g[name].Data(), h[name].Data())
		}
	}
}

// TestFitOfOneBatch: short Fits one after the other allocate no copies of the parameters.
func TestFitOfOneBatch(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 300}, layers.Tanh{}, layers.Dense{Units: 300}, layers.Dense{Units: 2}},
		graph.Config{Input: []int{4}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	require.NoError(t, err)
	data := graph.Arrays{X: random(1, 8, 4), Y: random(2, 8, 2)}
	fit := func() {
		_, err := m.Fit(context.Background(), data, graph.FitConfig{})
		require.NoError(t, err)
	}
	fit()
	const times = 50
	n := allocated(func() {
		for range times {
			fit()
		}
	})
	require.Less(t, n/times, 92_000/2, "bytes for each Fit, of a model with 92,000 parameters")
}
