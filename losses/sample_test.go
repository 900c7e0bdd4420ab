package losses_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/losses"
)

// samples returns the loss and the loss of each sample.
func samples(t *testing.T, l graph.SampleLoss, pred, target *tensor.Dense) (loss float64, each []float64) {
	t.Helper()
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		return []graph.Node{l.Loss(x[0], x[1]), l.PerSample(x[0], x[1])}
	}, pred.Shape(), target.Shape())
	require.NoError(t, err)
	out, err := f.Call(context.Background(), pred, target)
	require.NoError(t, err)
	require.Equal(t, []int{pred.Shape()[0]}, []int(out[1].Shape()))
	return out[0].Float64s()[0], out[1].Float64s()
}

// TestPerSample: the loss is the mean of the losses of the samples, and each of these is the loss of a batch of one sample.
func TestPerSample(t *testing.T) {
	checked := 0
	for _, r := range table() {
		l, ok := r.loss.(graph.SampleLoss)
		if !ok {
			continue
		}
		checked++
		t.Run(r.name, func(t *testing.T) {
			loss, each := samples(t, l, r.pred, r.target)
			sum := 0.0
			for i, v := range each {
				sum += v
				single, _ := samples(t, l, sample(r.pred, i), sample(r.target, i))
				require.InDelta(t, single, v, 1e-14)
			}
			require.InDelta(t, loss, sum/float64(len(each)), 1e-14)
		})
	}
	require.Equal(t, len(table())-7, checked, "all except RootMeanSquaredError and those that compare samples")
}

// sample returns row i as a batch.
func sample(t *tensor.Dense, i int) *tensor.Dense {
	shape := append([]int{1}, t.Shape()[1:]...)
	n := t.Size() / t.Shape()[0]
	return dense(t.Float64s()[i*n:(i+1)*n], shape...)
}

// TestSamplesByHand: values computed by hand.
func TestSamplesByHand(t *testing.T) {
	for _, r := range []struct {
		name         string
		loss         graph.SampleLoss
		pred, target *tensor.Dense
		want         []float64
	}{
		{"mean squared", losses.MeanSquaredError{}, dense([]float64{1, 2, 3, 4}, 2, 2), dense([]float64{1, 0, 0, 0}, 2, 2), []float64{2, 12.5}},
		{"mean absolute", losses.MeanAbsoluteError{}, dense([]float64{1, 2, 3, -4}, 2, 2), dense(make([]float64, 4), 2, 2), []float64{1.5, 3.5}},
		{"huber", losses.Huber{}, dense([]float64{0.5, 3}, 2, 1), dense([]float64{0, 0}, 2, 1), []float64{0.125, 2.5}},
		{"hinge", losses.Hinge{}, dense([]float64{2, -0.5}, 2), dense([]float64{1, 1}, 2), []float64{0, 1.5}},
		{"squared hinge", losses.SquaredHinge{}, dense([]float64{2, -0.5}, 2), dense([]float64{1, 1}, 2), []float64{0, 2.25}},
		{"categorical hinge", losses.CategoricalHinge{}, dense([]float64{3, 1, 0, -5, -3, -2}, 2, 3), dense([]float64{1, 0, 0, 0, 1, 0}, 2, 3), []float64{0, 2}},
		{"quantile", losses.Quantile{Level: 0.9}, dense([]float64{0, 3}, 2), dense([]float64{2, 1}, 2), []float64{1.8, 0.2}},
		{"median", losses.Quantile{}, dense([]float64{0, 3}, 2), dense([]float64{2, 1}, 2), []float64{1, 1}},
		{"squared logarithmic", losses.MeanSquaredLogarithmicError{}, dense([]float64{math.E - 1, 0}, 2), dense([]float64{0, 0}, 2), []float64{1, 0}},
		{"dice", losses.Dice{}, dense([]float64{1, 1, 0, 0, 0, 0}, 2, 3), dense([]float64{1, 0, 0, 0, 0, 0}, 2, 3), []float64{0.2, 0}},
		{"tversky", losses.Tversky{Alpha: 1, Beta: 2}, dense([]float64{1, 1, 0, 0}, 1, 4), dense([]float64{1, 0, 1, 1}, 1, 4), []float64{5.0 / 7}},
		{"binary, a logit of 0", behind{losses.BinaryCrossEntropy{}, graph.Node.Sigmoid}, dense([]float64{0, 1000}, 2), dense([]float64{1, 0}, 2), []float64{math.Ln2, 1000}},
		{"classes", behind{losses.SparseCategoricalCrossEntropy{}, softmax}, dense([]float64{0, 0, 0, 500}, 2, 2), dense([]float64{0, 0}, 2), []float64{math.Ln2, 500}},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, each := samples(t, r.loss, r.pred, r.target)
			require.InDeltaSlice(t, r.want, each, 1e-12)
		})
	}
}

// TestPerSampleOfVectors: a prediction of shape (batch) has no vectors along the last axis, so PerSample is an error.
func TestPerSampleOfVectors(t *testing.T) {
	for _, l := range []graph.SampleLoss{losses.CosineSimilarity{}, losses.KLDivergence{FromLogits: true}, losses.CategoricalCrossEntropy{FromLogits: true}} {
		t.Run(fmt.Sprintf("%T", l), func(t *testing.T) {
			_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				return []graph.Node{l.PerSample(x[0], x[1])}
			}, []int{3}, []int{3})
			require.ErrorContains(t, err, "got a prediction of rank 1, want (batch, ..., elements)")
		})
	}
}
