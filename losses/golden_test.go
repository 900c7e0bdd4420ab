package losses_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/losses"
)

// A goldenCase is a loss computed by PyTorch in float64.
type goldenCase struct {
	Name       string
	Prediction golden.Tensor
	Target     golden.Tensor
	Loss       float64
	Grad       golden.Tensor `json:"prediction_grad"`
}

// loss returns the loss that the case's name stands for, as in "sparse_categorical_cross_entropy_logits_smoothing_0.1".
func (c goldenCase) loss(t *testing.T) graph.Loss {
	if l, ok := pytorch[c.Name]; ok {
		return l
	}
	name := strings.TrimSuffix(c.Name, "_extreme")
	name, smoothing, _ := strings.Cut(name, "_smoothing_")
	s := 0.0
	if smoothing != "" {
		var err error
		s, err = strconv.ParseFloat(smoothing, 64)
		require.NoError(t, err)
	}
	name, fromLogits := strings.CutSuffix(name, "_logits")
	if delta, ok := strings.CutPrefix(name, "huber_"); ok {
		d, err := strconv.ParseFloat(delta, 64)
		require.NoError(t, err)
		return losses.Huber{Delta: d}
	}
	switch name {
	case "mse":
		return losses.MeanSquaredError{}
	case "mae":
		return losses.MeanAbsoluteError{}
	case "rmse":
		return losses.RootMeanSquaredError{}
	case "binary_cross_entropy", "binary_cross_entropy_soft":
		return losses.BinaryCrossEntropy{FromLogits: fromLogits, Smoothing: s}
	case "categorical_cross_entropy":
		return losses.CategoricalCrossEntropy{FromLogits: fromLogits, Smoothing: s}
	case "sparse_categorical_cross_entropy":
		return losses.SparseCategoricalCrossEntropy{FromLogits: fromLogits, Smoothing: s}
	case "kl_divergence":
		return losses.KLDivergence{FromLogits: fromLogits}
	case "hinge":
		return losses.Hinge{}
	case "log_cosh":
		return losses.LogCosh{}
	case "cosine_similarity":
		return losses.CosineSimilarity{}
	}
	t.Fatalf("no loss %q", c.Name)
	return nil
}

// pytorch are the losses of pytorch.json.
var pytorch = map[string]graph.Loss{
	"BCE, logits, one weight":      losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{3}},
	"BCE, logits, weights":         losses.BinaryCrossEntropy{FromLogits: true, PosWeight: []float64{0.5, 2, 7.5}},
	"BCE, probabilities, weights":  losses.BinaryCrossEntropy{PosWeight: []float64{0.5, 2, 7.5}},
	"Gaussian":                     losses.GaussianNLL{},
	"Gaussian, full":               losses.GaussianNLL{Full: true},
	"Gaussian, small variance":     losses.GaussianNLL{},
	"ranking":                      losses.MarginRanking{},
	"ranking, margin":              losses.MarginRanking{Margin: 0.7},
	"cosine":                       losses.CosineEmbedding{},
	"cosine, margin":               losses.CosineEmbedding{Margin: -0.5},
	"triplet":                      losses.Triplet{},
	"triplet, margin":              losses.Triplet{Margin: 0.2},
	"triplet, all":                 losses.Triplet{Margin: 0.5, All: true},
	"triplet, all, no margin left": losses.Triplet{Margin: 4, All: true},
	"InfoNCE":                      losses.InfoNCE{},
	"InfoNCE, one way":             losses.InfoNCE{Temperature: 0.5, OneWay: true},
	"NT-Xent":                      losses.NTXent{},
	"NT-Xent, temperature":         losses.NTXent{Temperature: 0.5},
	"supervised":                   losses.SupervisedContrastive{},
	"supervised, temperature":      losses.SupervisedContrastive{Temperature: 0.7},
}

// TestLossesAgreeWithPyTorch compares values and derivatives.
func TestLossesAgreeWithPyTorch(t *testing.T) {
	for _, c := range append(golden.Cases[goldenCase](t, "losses.json"), golden.Own[goldenCase](t, "pytorch.json")...) {
		t.Run(c.Name, func(t *testing.T) {
			l := c.loss(t)
			f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				y := l.Loss(x[0], x[1])
				return []graph.Node{y, graph.Grad(y, x[0])[0]}
			}, c.Prediction.Shape, c.Target.Shape)
			require.NoError(t, err)
			for dt, limit := range map[tensor.Dtype]golden.Tolerance{
				tensor.Float64: {Relative: 1e-10, Absolute: 1e-13},
				tensor.Float32: {Relative: 1e-5, Absolute: 1e-6},
			} {
				got, err := f.Call(context.Background(), c.Prediction.Dense(dt), c.Target.Dense(dt))
				require.NoError(t, err)
				golden.Tensor{Shape: []int{}, Data: []float64{c.Loss}}.Equal(t, "loss", got[0], limit)
				c.Grad.Equal(t, "derivative", got[1], limit)
			}
		})
	}
}
