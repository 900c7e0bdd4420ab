package serve

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A held model doubles a single number. Predict sends its number of samples on rows, if it is not nil, and waits for let.
type held struct {
	rows   chan int
	let    chan error
	offset float32 // added to the outputs of batches of more than one sample
}

func (h *held) Input() []int  { return []int{1} }
func (h *held) Output() []int { return []int{1} }
func (h *held) Predict(_ context.Context, x *tensor.Dense) (*tensor.Dense, error) {
	rows := x.Shape()[0]
	if h.rows != nil {
		h.rows <- rows
		if err := <-h.let; err != nil {
			return nil, err
		}
	}
	y := make([]float32, rows)
	for i, v := range x.Float32s() {
		y[i] = 2 * v
		if rows > 1 {
			y[i] += h.offset
		}
	}
	return tensor.New(tensor.WithShape(rows, 1), tensor.WithBacking(y)), nil
}

// enqueue predicts a task with the given numbers in a goroutine, and returns when it has a slot or waits for one.
func enqueue(t *testing.T, g *gatherer[float32], ctx context.Context, numbers ...float32) (*task[float32], chan error) {
	x := newTask[float32]()
	x.input, x.rows, x.shape = numbers, len(numbers), []int{1}
	return enqueueTask(t, g, ctx, x)
}

// enqueueTask is enqueue for a task.
func enqueueTask(t *testing.T, g *gatherer[float32], ctx context.Context, x *task[float32]) (*task[float32], chan error) {
	done := make(chan error, 1)
	g.mu.Lock()
	before := len(g.waiting) + len(g.free)
	g.mu.Unlock()
	go func() { done <- g.predict(ctx, x) }()
	require.Eventually(t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.waiting)+len(g.free) != before
	}, 10*time.Second, time.Millisecond)
	return x, done
}

// TestGather checks that waiting tasks are predicted together, in the order of their arrival, as far as they fit.
func TestGather(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one slot
	h := &held{}
	var counts []int
	g := newGatherer[float32](h, 5, func(n int) { counts = append(counts, n) })
	require.Equal(t, 5, g.most)
	h.rows, h.let = make(chan int), make(chan error)
	background := context.Background()
	_, first := enqueue(t, g, background, 1)
	require.Equal(t, 1, <-h.rows)
	a, second := enqueue(t, g, background, 2)
	b, third := enqueue(t, g, background, 3, 4)
	gone, cancel := context.WithCancel(background)
	_, fourth := enqueue(t, g, gone, 9)
	c, fifth := enqueue(t, g, background, 5, 6)
	d, sixth := enqueue(t, g, background, 7)
	_, seventh := enqueue(t, g, background, 1, 2, 3, 4, 5, 6, 7)
	cancel()
	require.ErrorIs(t, <-fourth, context.Canceled)
	h.let <- nil
	require.NoError(t, <-first)
	require.Equal(t, 6, <-h.rows) // five samples, padded to a size that roundUp returns
	h.let <- nil
	for _, done := range []chan error{second, third, fifth} {
		require.NoError(t, <-done)
	}
	require.Equal(t, []float32{4, 6, 8, 10, 12}, append(append(a.output, b.output...), c.output...))
	require.Equal(t, 1, <-h.rows)
	h.let <- nil
	require.NoError(t, <-sixth)
	require.Equal(t, []float32{14}, d.output)
	require.Equal(t, 7, <-h.rows) // more than the maximum: not padded
	e, eighth := enqueue(t, g, background, 8)
	_, ninth := enqueue(t, g, background, 9)
	h.let <- nil
	require.NoError(t, <-seventh)
	require.Equal(t, 2, <-h.rows)
	oops := errors.New("oops")
	h.let <- oops
	require.Equal(t, 1, <-h.rows) // each by itself, since only one of them fails
	h.let <- nil
	require.Equal(t, 1, <-h.rows)
	h.let <- oops
	require.NoError(t, <-eighth)
	require.Equal(t, []float32{16}, e.output)
	require.Equal(t, oops, <-ninth)
	require.Eventually(t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.free) == 1
	}, 10*time.Second, time.Millisecond)
	require.Equal(t, []int{1, 5, 1, 7, 2}, counts)
}

// TestIndependent checks that requests are not gathered for a model whose outputs depend on the batch.
func TestIndependent(t *testing.T) {
	for want, m := range map[int]model{64: mlp(t), 0: &held{offset: 1e-6}, 8: &held{}} {
		require.Equal(t, want, newGatherer[float32](m, max(want, 8), func(int) {}).most)
	}
	column, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{7}, Seed: 1})
	require.NoError(t, err)
	require.Equal(t, 64, newGatherer[float32](column, 64, func(int) {}).most, "a matrix product with one column")
	words, err := graph.Compile(layers.Sequential{layers.Embedding{Vocabulary: 10, Units: 4}, layers.LSTM{Units: 3}}, graph.Config{Input: []int{5}})
	require.NoError(t, err)
	require.Equal(t, 64, newGatherer[float32](words, 64, func(int) {}).most, "a network of integers")
}

func TestRoundUp(t *testing.T) {
	var got []int
	for n := 1; n <= 100; n++ {
		if m := roundUp(n); len(got) == 0 || got[len(got)-1] != m {
			got = append(got, m)
		}
		require.GreaterOrEqual(t, roundUp(n), n)
	}
	require.Equal(t, []int{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128}, got)
}
