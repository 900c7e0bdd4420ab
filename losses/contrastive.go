package losses

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// InfoNCE is the cross-entropy of finding, among the second vectors of all samples of the batch, that of the same sample, by the
// cosines of the angles to its first vector divided by Temperature; averaged with that of finding the first vector by the second
// one (van den Oord et al. 2018; both ways as in CLIP, Radford et al. 2021). Predictions are (batch, 2, features): for example the
// vectors of an image and of its text. There is no target. The loss depends on the batch: a larger one is harder.
type InfoNCE struct {
	Temperature float64 // greater than 0; 0 means 0.1
	OneWay      bool    // only find the second vector by the first one
}

// NTXent is the loss of SimCLR (Chen et al. 2020): InfoNCE with all other vectors of the batch, the first ones and the second ones
// of the 2·batch, to find a vector's partner among. Predictions are (batch, 2, features), the vectors of two views of each sample.
// There is no target.
type NTXent struct {
	Temperature float64 // greater than 0; 0 means 0.1
}

// SupervisedContrastive is the mean over the samples of -Σ log(p)/n over the n other samples of the same class in the batch, where
// p is the softmax of the cosines to all other samples, divided by Temperature (Khosla et al. 2020). A sample whose class has no
// other sample in the batch does not count. Predictions are vectors, (batch, features); targets are class numbers, (batch).
type SupervisedContrastive struct {
	Temperature float64 // greater than 0; 0 means 0.1
}

var (
	_ graph.TargetFreeLoss = InfoNCE{}
	_ graph.TargetFreeLoss = NTXent{}
	_ graph.TargetShaper   = SupervisedContrastive{}
)

// TargetFree implements graph.TargetFreeLoss.
func (InfoNCE) TargetFree() {}

// TargetFree implements graph.TargetFreeLoss.
func (NTXent) TargetFree() {}

// TargetShape implements graph.TargetShaper.
func (SupervisedContrastive) TargetShape(pred []int) []int { return pred[:1] }

// Loss implements graph.Loss.
func (l InfoNCE) Loss(pred, _ graph.Node) graph.Node {
	a, b := twoVectors(pred)
	s := cosines(a, b, l.Temperature)
	forward := diagonal(s.LogSoftmax()).Mean().Neg()
	if l.OneWay {
		return forward
	}
	return forward.Add(diagonal(s.LogSoftmax(0)).Mean().Neg()).Scale(0.5)
}

// Loss implements graph.Loss.
func (l NTXent) Loss(pred, _ graph.Node) graph.Node {
	a, b := twoVectors(pred)
	z := graph.Concat(0, a, b)
	p := logOthers(cosines(z, z, l.Temperature))
	n := a.Dim(0)
	first, second := p.Slice(0, 0, n).Slice(1, n, 0), p.Slice(0, n, 0).Slice(1, 0, n)
	return diagonal(first).Add(diagonal(second)).Mean().Scale(-0.5)
}

// Loss implements graph.Loss.
func (l SupervisedContrastive) Loss(pred, target graph.Node) graph.Node {
	if pred = ended(pred); pred.Err() == nil && l.Check(pred.Shape()) != nil {
		return pred.Errorf("%w", l.Check(pred.Shape()))
	}
	same := offDiagonal(sameClass(pred, target))
	if pred.Dim(0) == 1 { // there is no other sample
		return same.Mul(pred).Sum()
	}
	p := logOthers(cosines(pred, pred, l.Temperature))
	count := same.Sum(1)
	each := times(same, p).Sum(1).Neg().Div(orOne(count))
	return each.Sum().Div(orOne(count.Sign().Sum()))
}

// twoVectors returns the first and the second vectors of all samples, (batch, features).
func twoVectors(pred graph.Node) (a, b graph.Node) {
	pred = ended(pred)
	if pred.Err() == nil && pairsOf(pred.Shape()) != nil {
		pred = pred.Errorf("%w", pairsOf(pred.Shape()))
	}
	return pred.Slice(1, 0, 1).Sum(1), pred.Slice(1, 1, 0).Sum(1)
}

// cosines returns those of the angles between each of the vectors a and each of b, divided by the temperature. A vector of zeros
// has the cosine 0.
func cosines(a, b graph.Node, temperature float64) graph.Node {
	t := settings.Above("Temperature", temperature, 0).OrZero(0.1)
	unit := func(x graph.Node) graph.Node {
		x = scaled(x)
		return x.Div(orOne(x.Square().Sum(-1)).Sqrt().Expand(-1))
	}
	return unit(checked(a, t)).MatMul(unit(b).Transpose()).Scale(1 / t.Value)
}

// logOthers returns the logarithms of the softmax of each row of a square matrix, without the diagonal, which becomes -Inf.
func logOthers(x graph.Node) graph.Node {
	ones := x.Equal(x)
	return x.Where(offDiagonal(ones), ones.Scale(math.Inf(-1))).LogSoftmax()
}

func diagonal(x graph.Node) graph.Node { return graph.Einsum("ii->i", x) }
