package losses

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// difference returns pred - target.
func difference(pred, target graph.Node) graph.Node { return pred.Sub(fit(pred, target)) }

// fit returns the target in the prediction's shape. Shapes that differ by more than dimensions of 1 are an error, since the
// operations would broadcast them silently.
func fit(pred, target graph.Node) graph.Node {
	if pred.Err() != nil {
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

// oneHot returns class numbers, (batch, ...) or (batch, ..., 1), as one-hot vectors of the prediction's shape.
func oneHot(pred, target graph.Node) graph.Node {
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
	return target.Reshape(want...).OneHot(p[len(p)-1])
}

// smooth returns (1-s)·target + s·m: label smoothing (Szegedy et al. 2016).
func smooth(target graph.Node, s, m float64) graph.Node {
	if s == 0 {
		return target
	}
	return checked(target, settings.HalfOpen("Smoothing", s, 0, 1)).Scale(1 - s).Shift(s * m)
}

// probability returns pred, with an error if it cannot be a probability; end is the activation that would make it one.
func probability(pred graph.Node, end string) graph.Node {
	if lo, hi, known := pred.Bounds(); known && (lo < 0 || hi > 1) {
		return pred.Errorf("got a prediction in [%v, %v], want probabilities: end the network with %s, or set FromLogits", lo, hi, end)
	}
	return pred
}

// logOf returns log(p) for a probability whose logit is unknown. Where p is 0 its derivative is 0.
func logOf(p graph.Node) graph.Node { return p.Clip(1e-37, 1).Log() }

// logits returns the logits of a network whose final operation is end, and whether they are known.
func logits(pred graph.Node, end string, fromLogits bool) (graph.Node, bool) {
	z, name := pred.Logits()
	if fromLogits {
		if name != "" {
			return pred.Errorf("FromLogits: got true for a network that ends with %s, want false", name), true
		}
		return pred, true
	}
	return z, name == end
}
