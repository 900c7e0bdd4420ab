package losses_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/benchtest"
	"github.com/nndiy/nndiy/losses"
)

// BenchmarkLosses computes losses and their derivatives by the prediction, in float32. testdata/bench_torch.py does the same in
// PyTorch. Both give the median after ten calls to warm up.
func BenchmarkLosses(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func(element func() float64, shape ...int) *tensor.Dense {
		x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(shape...))
		for i := range x.Float32s() {
			x.Float32s()[i] = float32(element())
		}
		return x
	}
	class := func(n int) func() float64 { return func() float64 { return float64(rng.IntN(n)) } }
	numbers, others, uniform := random(rng.NormFloat64, 512, 768), random(rng.NormFloat64, 512, 768), random(rng.Float64, 512, 768)
	share := random(rng.Float64, 512, 768)
	for i := range share.Float32s() {
		share.Float32s()[i] /= 384 // the sum of a row is about 1
	}
	for _, c := range []struct {
		name         string
		loss         graph.Loss
		pred, target *tensor.Dense
	}{
		{"MeanSquaredError", losses.MeanSquaredError{}, numbers, others},
		{"MeanAbsoluteError", losses.MeanAbsoluteError{}, numbers, others},
		{"RootMeanSquaredError", losses.RootMeanSquaredError{}, numbers, others},
		{"Huber", losses.Huber{}, numbers, others},
		{"Poisson", losses.Poisson{}, uniform, others},
		{"BinaryCrossEntropy", losses.BinaryCrossEntropy{FromLogits: true}, numbers, uniform},
		{"CategoricalCrossEntropy", losses.CategoricalCrossEntropy{FromLogits: true}, numbers, share},
		{"SparseCategoricalCrossEntropy", losses.SparseCategoricalCrossEntropy{FromLogits: true}, numbers, random(class(768), 512)},
		{"KLDivergence", losses.KLDivergence{FromLogits: true}, numbers, share},
		{"CosineSimilarity", losses.CosineSimilarity{}, numbers, others},
		{"Triplet", losses.Triplet{}, random(rng.NormFloat64, 128, 128), random(class(10), 128)},
		{"Triplet, 512", losses.Triplet{}, numbers, random(class(10), 512)},
		{"InfoNCE", losses.InfoNCE{}, random(rng.NormFloat64, 128, 2, 128), random(class(1), 128)},
	} {
		b.Run(c.name, func(b *testing.B) {
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				loss := c.loss.Loss(x[0], x[1])
				return []graph.Node{loss, graph.Grad(loss, x[0])[0].Slice(0, 0, 1)} // all of it is computed, only this part is copied
			}, c.pred.Shape(), c.target.Shape())
			if err != nil {
				b.Fatal(err)
			}
			benchtest.Median(b, func() error {
				_, err := f.Call(context.Background(), c.pred, c.target)
				return err
			})
		})
	}
}
