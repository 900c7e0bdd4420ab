package losses_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/losses"
)

// TestFocalFormula compares BinaryFocal with its formula, for logits and for probabilities.
func TestFocalFormula(t *testing.T) {
	logits := []float64{-3, -0.5, 0, 0.2, 1.5, 4}
	targets := []float64{0, 1, 1, 0, 1, 0}
	for _, alpha := range []float64{0, 0.25} {
		for _, gamma := range []float64{0, 0.5, 2, 3} {
			want, g := 0.0, gamma
			if g == 0 {
				g = 2
			}
			var probabilities []float64
			for i, z := range logits {
				p := 1 / (1 + math.Exp(-z))
				probabilities = append(probabilities, p)
				weight := 1.0
				if targets[i] == 0 {
					p = 1 - p
					weight = 1 - alpha
				} else if alpha > 0 {
					weight = alpha
				}
				want -= weight * math.Pow(1-p, g) * math.Log(p) / 6
			}
			l := losses.BinaryFocal{Gamma: gamma, Alpha: alpha}
			for _, pred := range [][]float64{probabilities, logits} {
				got, _ := value(t, l, dense(pred, 3, 2), dense(targets, 3, 2))
				require.InEpsilon(t, want, got, 1e-12)
				l.FromLogits = true
			}
		}
	}
}

// TestCategoricalFocalFormula compares the focal losses of classes with their formula.
func TestCategoricalFocalFormula(t *testing.T) {
	logits := []float64{-3, -0.5, 0, 0.2, 1.5, 4}
	classes := []float64{2, 0}
	for _, alpha := range [][]float64{nil, {0.5, 1, 3}} {
		for _, gamma := range []float64{0, 0.5, 3} {
			want, g := 0.0, gamma
			if g == 0 {
				g = 2
			}
			for i, class := range classes {
				sum, weight := 0.0, 1.0
				for _, z := range logits[3*i : 3*i+3] {
					sum += math.Exp(z)
				}
				p := math.Exp(logits[3*i+int(class)]) / sum
				if alpha != nil {
					weight = alpha[int(class)]
				}
				want -= weight * math.Pow(1-p, g) * math.Log(p) / 2
			}
			l := losses.SparseCategoricalFocal{Gamma: gamma, Alpha: alpha}
			got, _ := value(t, behind{l, softmax}, dense(logits, 2, 3), dense(classes, 2))
			require.InEpsilon(t, want, got, 1e-12)
			got, _ = value(t, losses.CategoricalFocal{Gamma: gamma, Alpha: alpha, FromLogits: true}, dense(logits, 2, 3), dense([]float64{0, 0, 1, 1, 0, 0}, 2, 3))
			require.InEpsilon(t, want, got, 1e-12)
		}
	}
}

// TestFocalOfPyTorch: values and derivatives of common settings, computed with functions of PyTorch 1.13.1 in float64.
func TestFocalOfPyTorch(t *testing.T) {
	logits := dense([]float64{-3, -0.5, 0, 0.2, 1.5, 4}, 2, 3)
	loss, grad := value(t, losses.BinaryFocal{Alpha: 0.25, FromLogits: true}, logits, dense([]float64{0, 1, 1, 0, 1, 0}, 2, 3))
	require.InEpsilon(t, 0.5377635278819493, loss, 1e-12)
	require.InDeltaSlice(t, []float64{
		3.9358980811035076e-05, -0.021922992578107627, -0.012428616464166096,
		0.04793333334354299, -0.000709629384301497, 0.13579948163560443,
	}, grad, 1e-14)
	loss, grad = value(t, losses.SparseCategoricalFocal{FromLogits: true}, logits, dense([]float64{2, 0}, 2))
	require.InEpsilon(t, 1.9111093997667083, loss, 1e-12)
	require.InDeltaSlice(t, []float64{
		0.005988490810152458, 0.07295475312841056, -0.07894324393856302,
		-0.5460430380600176, 0.04142183108050356, 0.5046212069795141,
	}, grad, 1e-14)
}
