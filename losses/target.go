package losses

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// difference returns pred - target.
func difference(pred, target graph.Node) graph.Node { return pred.Sub(fit(pred, target)) }

// fit returns the target in the prediction's shape. Shapes that differ by more than dimensions of 1 are an error, since the
// operations would broadcast them silently. Every loss calls it, so an end of the network that fits no loss is its error, too.
func fit(pred, target graph.Node) graph.Node {
	if pred = ended(pred); pred.Err() != nil {
		return pred
	}
	p, t := pred.Shape(), target.Shape()
	if slices.Equal(p, t) || target.Err() != nil {
		return target
	}
	if !slices.Equal(squeeze(p), squeeze(t)) {
		return pred.Errorf("got a prediction of shape %v and a target of shape %v, want the same", p, t)
	}
	return target.Reshape(p...)
}

// squeeze returns the dimensions that are not 1.
func squeeze(s []int) []int {
	return slices.DeleteFunc(slices.Clone(s), func(d int) bool { return d == 1 })
}

// classNumbers returns the target, (batch, ...) or (batch, ..., 1), in the shape of the prediction without its last dimension.
func classNumbers(pred, target graph.Node) graph.Node {
	if pred.Err() != nil {
		return pred
	}
	p, t := pred.Shape(), target.Shape()
	if len(p) < 2 {
		return pred.Errorf("got a prediction of shape %v, want (batch, ..., classes)", p)
	}
	want := p[:len(p)-1]
	if len(t) == len(p) && t[len(t)-1] == 1 {
		t = t[:len(t)-1]
	}
	if !slices.Equal(t, want) {
		return pred.Errorf("got a target of shape %v for a prediction of shape %v, want class numbers of shape %v", target.Shape(), p, want)
	}
	return target.Reshape(want...)
}

// smooth returns (1-s)·target + s·m: label smoothing (Szegedy et al. 2016).
func smooth(target graph.Node, s, m float64) graph.Node {
	if s == 0 {
		return target
	}
	return checked(target, settings.HalfOpen("Smoothing", s, 0, 1)).Scale(1 - s).Shift(s * m)
}

// weigh multiplies each class of the target, along the last axis, by its weight.
func weigh(t graph.Node, setting string, weights []float64) graph.Node {
	if t.Err() != nil {
		return t
	}
	if len(weights) != t.Dim(-1) {
		return t.Errorf("%s: got %d weights, want %d, one for each class", setting, len(weights), t.Dim(-1))
	}
	classes := make([]graph.Node, len(weights))
	for i, w := range weights {
		t = checked(t, settings.AtLeast(fmt.Sprintf("%s[%d]", setting, i), w, 0))
		classes[i] = t.Slice(-1, i, i+1).Scale(w)
	}
	return graph.Concat(-1, classes...)
}

// logOf returns log(p) for a probability whose logit is unknown. It is at least -100, and its derivative 1/p at most 1e12, as
// in PyTorch's BCELoss.
func logOf(p graph.Node) graph.Node {
	p = p.Clip(0, 1)
	return bounded(p.Log(), p)
}

// logNot returns log(1-p), bounded like logOf.
func logNot(p graph.Node) graph.Node {
	p = p.Clip(0, 1)
	return bounded(p.Neg().Log1p(), p.Neg().Shift(1))
}

// bounded returns exact = log(p), at least -100, with the derivatives of log(p) for p above 1e-12, and of its tangent there
// for p below.
func bounded(exact, p graph.Node) graph.Node {
	const least = 1e-12
	log := p.Clip(least, 1).Log().Sub(p.Neg().Shift(least).ReLU().Scale(1 / least))
	return log.Add(exact.Clip(-100, 0).Sub(log).StopGradient())
}

// times returns t·x, and 0 where t is 0, even if x is infinite: the logarithm of the probability of a class whose logit is
// -Inf, because a mask excludes it.
func times(t, x graph.Node) graph.Node { return t.Xlogy(x.Exp()) }
