package graph_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// steps returns the steps [from, to) of a sequence, (batch, time, ...).
func steps(x *graph.Tensor, from, to int) *graph.Tensor {
	s := x.Shape()
	shape := append([]int{s[0], to - from}, s[2:]...)
	step := 1
	for _, n := range s[2:] {
		step *= n
	}
	if x.Dtype() == tensor.Float64 {
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(cut(x.Float64s(), s[0], s[1]*step, from*step, to*step)))
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(cut(x.Float32s(), s[0], s[1]*step, from*step, to*step)))
}

// cut returns the elements [from, to) of each row.
func cut[T any](x []T, rows, width, from, to int) (list []T) {
	for row := range rows {
		list = append(list, x[row*width+from:row*width+to]...)
	}
	return list
}

// recurrentStream returns a stream of a GRU of sequences of 3 features, and its model.
func recurrentStream(t *testing.T, net ...graph.Layer) (*graph.Model, *graph.Stream) {
	t.Helper()
	net = append(net, layers.GRU{Units: 4, ReturnSequences: true})
	m, err := graph.Compile(layers.Sequential(net), graph.Config{Input: []int{graph.Any, 3}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	require.NoError(t, err)
	s, err := m.Stream()
	require.NoError(t, err)
	return m, s
}

func next(t *testing.T, s *graph.Stream, x *graph.Tensor) *graph.Tensor {
	t.Helper()
	y, err := s.Next(context.Background(), x)
	require.NoError(t, err)
	return y
}

// TestStreamResetAndClone: a stream begins again, with other rows, and two streams go on from one place.
func TestStreamResetAndClone(t *testing.T) {
	ctx := context.Background()
	m, s := recurrentStream(t, layers.Named("attention", layers.MultiHeadAttention{Causal: true}))
	a, b := random(1, 2, 9, 3), random(2, 5, 4, 3)
	wholeA, err := m.Predict(ctx, a)
	require.NoError(t, err)
	wholeB, err := m.Predict(ctx, b)
	require.NoError(t, err)
	next(t, s, steps(a, 0, 5))
	branch := s.Clone()
	other := next(t, branch, steps(random(3, 2, 9, 3), 0, 2))
	require.Equal(t, []int{2, 2, 4}, []int(other.Shape()))
	require.InDeltaSlice(t, steps(wholeA, 5, 9).Data(), next(t, s, steps(a, 5, 9)).Data(), 1e-6, "the branch changes nothing")
	for range 2 {
		s.Reset()
		require.InDeltaSlice(t, wholeB.Data(), next(t, s, b).Data(), 1e-6)
	}
	start := s.Clone()
	start.Reset()
	require.InDeltaSlice(t, steps(wholeA, 0, 1).Data(), next(t, start, steps(a, 0, 1)).Data(), 1e-6)
}

// TestStreamErrors: a call that fails says why, and leaves the stream as it was.
func TestStreamErrors(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(layers.Sequential{layers.Embedding{Vocabulary: 5, Units: 4}, layers.PositionalEncoding{Max: 9},
		layers.MultiHeadAttention{Causal: true, MaxLength: 8}, layers.LSTM{Units: 3, ReturnSequences: true}}, graph.Config{Input: []int{graph.Any}})
	require.NoError(t, err)
	s, err := m.Stream()
	require.NoError(t, err)
	ids := tensor.New(tensor.WithShape(2, 8), tensor.WithBacking([]float32{0, 1, 2, 3, 4, 3, 2, 1, 4, 4, 0, 1, 2, 2, 3, 0}))
	whole, err := m.Predict(ctx, ids)
	require.NoError(t, err)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	fails := func(ctx context.Context, x *graph.Tensor, input bool, want string) {
		t.Helper()
		y, err := s.Next(ctx, x)
		require.Nil(t, y)
		require.ErrorContains(t, err, want)
		if input {
			require.ErrorIs(t, err, graph.ErrInput)
		} else {
			require.NotErrorIs(t, err, graph.ErrInput)
		}
	}
	for at := 0; at < 8; at += 2 {
		fails(ended, steps(ids, at, at+2), false, "context canceled")
		var none context.Context
		_, err = s.Next(none, steps(ids, at, at+2))
		require.ErrorContains(t, err, "got no context")
		fails(ctx, nil, true, "graph: Next: input: got no tensor")
		fails(ctx, random(1, 2, 1, 3), true, "input: got shape [2 1 3], want")
		fails(ctx, tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float32{3, 7})), true, "embedding1")
		if at > 0 {
			fails(ctx, random(1, 3, 1), true, "input: got 3 rows, want 2 as in the calls before")
			fails(ctx, ids, true, "want at most 8 in all, the limit in multiheadattention1")
		} else {
			fails(ctx, random(1, 1, 9), true, "input: got 9 time steps after 0, want at most 8 in all, the limit in multiheadattention1")
		}
		got := next(t, s, steps(ids, at, at+2))
		require.InDeltaSlice(t, steps(whole, at, at+2).Data(), got.Data(), 1e-6)
	}
	fails(ctx, steps(ids, 0, 1), true, "input: got 1 time steps after 8, want at most 8 in all")
	for _, shape := range [][]int{{2, 0}, {0, 2}} {
		empty := tensor.New(tensor.WithShape(shape...), tensor.WithBacking([]float32{}))
		s.Reset()
		fails(ctx, empty, true, "input: got shape")
	}
	_, err = s.NextAll(ctx, map[string]*graph.Tensor{"x": ids})
	require.ErrorContains(t, err, `graph: NextAll: input: got the name "x", want one of ["input"]`)
	_, err = s.NextAll(ctx, nil)
	require.ErrorContains(t, err, `graph: NextAll: input: got no tensor`)
}

// TestStreamTwoGoroutines: a call while another one runs is an error, and the one that runs is not disturbed.
func TestStreamTwoGoroutines(t *testing.T) {
	var block atomic.Bool
	inside, goOn := make(chan bool), make(chan bool)
	m, s := recurrentStream(t, lambda(func(x graph.Node) graph.Node {
		if block.Load() {
			inside <- true
			<-goOn
		}
		return x
	}))
	x := random(1, 2, 4, 3)
	whole, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	block.Store(true)
	result := make(chan *graph.Tensor)
	go func() {
		y, err := s.Next(context.Background(), x)
		if err != nil {
			y = nil
		}
		result <- y
	}()
	<-inside
	_, err = s.Next(context.Background(), x)
	require.ErrorContains(t, err, "graph: Next: got a Stream used from two goroutines at once")
	block.Store(false)
	goOn <- true
	require.Equal(t, whole.Data(), (<-result).Data())
}

// TestStreamsTogether: streams of one model in several goroutines, beside a Fit whose learning rate is zero, do not disturb each
// other.
func TestStreamsTogether(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.MultiHeadAttention{Causal: true}, layers.LSTM{Units: 4, ReturnSequences: true}},
		graph.Config{Input: []int{graph.Any, 3}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 1e-30}})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for g := range 4 {
		x := random(uint64(g+1), 1+g%2, 30, 3)
		whole, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		s, err := m.Stream()
		require.NoError(t, err)
		wg.Add(1)
		go func() {
			defer wg.Done()
			for at := 0; at < 30; at += 1 + g {
				to := min(at+1+g, 30)
				y, err := s.Next(context.Background(), steps(x, at, to))
				if err != nil {
					t.Error(err)
					return
				}
				for i, v := range steps(whole, at, to).Float32s() {
					if d := y.Float32s()[i] - v; d > 1e-6 || d < -1e-6 {
						t.Errorf("stream %d, steps from %d: got %v, want %v", g, at, y.Float32s()[i], v)
					}
				}
			}
		}()
	}
	_, err = m.Fit(context.Background(), graph.Arrays{X: random(9, 20, 6, 3), Y: random(8, 20, 6, 4)}, graph.FitConfig{Epochs: 3, BatchSize: 4})
	require.NoError(t, err)
	wg.Wait()
}

// TestStreamAllocates: in a steady state, a call makes its result and what gorgonia's machine needs.
func TestStreamAllocates(t *testing.T) {
	_, s := recurrentStream(t, layers.PositionalEncoding{})
	x := tensor.New(tensor.WithShape(1, 1, 3), tensor.WithBacking([]float32{1, 2, 3}))
	next(t, s, x)
	next(t, s, x)
	require.LessOrEqual(t, testing.AllocsPerRun(20, func() { next(t, s, x) }), 24.0)
}
