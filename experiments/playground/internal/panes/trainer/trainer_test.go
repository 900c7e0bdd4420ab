package trainer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// double returns a trainer of a network with one weight, which learns to double a number.
func double(t *testing.T) *Trainer {
	t.Helper()
	model, err := graph.Compile(layers.Dense{Units: 1, NoBias: true}, graph.Config{
		Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1},
	})
	require.NoError(t, err)
	x := tensor.New(tensor.WithShape(5, 1), tensor.WithBacking([]float32{1, 2, -1, 0.5, -2}))
	y := tensor.New(tensor.WithShape(5, 1), tensor.WithBacking([]float32{2, 4, -2, 1, -4}))
	test := []float32{1, 2, 3}
	return &Trainer{Model: model, Data: graph.Arrays{X: x, Y: y}, Batch: 2, Seed: 1, Judge: &Judge{
		X: test, Images: 3, Score: func(row int, y []float32) float64 { return float64(y[0] / test[row]) },
	}}
}

func TestSlice(t *testing.T) {
	d := double(t)
	more, err := d.Slice(time.Now().Add(time.Second))
	require.NoError(t, err)
	assert.False(t, more, "training was not begun")
	assert.Zero(t, d.Steps)
	d.Run(true)
	for d.Steps < 50 { // ends of passes, whose last batch is smaller, are among these steps
		more, err = d.Slice(time.Now().Add(time.Millisecond))
		require.NoError(t, err)
		require.True(t, more)
	}
	d.Run(false)
	steps := d.Steps
	for more = true; more; {
		more, err = d.Slice(time.Now().Add(time.Millisecond))
		require.NoError(t, err)
	}
	assert.Equal(t, steps, d.Steps)
	score, images := d.Judge.Mean()
	assert.Equal(t, 3, images)
	assert.InDelta(t, 2, score, 0.01)
	s, means := d.State(Settings{Network: "dense"}, "code")
	assert.True(t, s.Measured)
	assert.Equal(t, 1, s.Weights)
	assert.Less(t, means[len(means)-1], means[0])
}

// A run of slices has the bits of single steps.
func TestSteps(t *testing.T) {
	a, b := double(t), double(t)
	require.NoError(t, a.Train(7))
	for range 7 {
		require.NoError(t, b.Step())
	}
	sa, _ := a.State(Settings{}, "")
	sb, _ := b.State(Settings{}, "")
	assert.Equal(t, sa.Hash, sb.Hash)
	assert.EqualError(t, a.Train(0), "count: got 0, want 1 to 10000")
	a.Close()
	b.Close()
}

// Without data a step is an error, and not an endless loop.
func TestNoData(t *testing.T) {
	d := double(t)
	d.Data = graph.Arrays{X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(0, 1)), Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(0, 1))}
	assert.Error(t, d.Step())
}

// A history stays short, and its means cover all steps.
func TestHistory(t *testing.T) {
	var h History
	for i := range 10_000 {
		h.add(float64(i))
		require.Less(t, len(h.Means), most)
	}
	assert.Equal(t, 64, h.Every)
	assert.Equal(t, 10_000/64, len(h.Means))
	assert.InDelta(t, 31.5, h.Means[0], 1e-3)
	assert.InDelta(t, 64+31.5, h.Means[1], 1e-3)
}

// A judge looks at all images in turn, and knows when it has seen them with the present weights.
func TestJudge(t *testing.T) {
	d := double(t)
	d.Judge = &Judge{X: make([]float32, 120), Images: 120, Score: func(row int, y []float32) float64 { return float64(row) }}
	for _, images := range []int{50, 100, 120} {
		assert.False(t, d.Judge.Done())
		require.NoError(t, d.Judge.look(d.Model))
		_, n := d.Judge.Mean()
		assert.Equal(t, images, n)
	}
	mean, _ := d.Judge.Mean()
	assert.Equal(t, 59.5, mean)
	assert.True(t, d.Judge.Done())
	d.Judge.changed()
	assert.False(t, d.Judge.Done())
}

func TestSettings(t *testing.T) {
	ok := Settings{Network: "conv", Rate: 1, Batch: 512}
	assert.NoError(t, ok.Check())
	for _, rate := range []float64{0, -1, 1.01} {
		bad := ok
		bad.Rate = rate
		assert.ErrorContains(t, bad.Check(), "rate: got ")
	}
}
