package losses

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// The losses of class numbers may leave out targets.
var (
	_ graph.TargetMasker = SparseBinaryCrossEntropy{}
	_ graph.TargetMasker = SparseCategoricalCrossEntropy{}
	_ graph.TargetMasker = SparseCategoricalFocal{}
)

// A sparse is a loss of one-hot targets that gets class numbers.
type sparse struct {
	graph.SampleLoss
	ignore []int // class numbers that are left out
}

// counts returns 1 where a class number counts and 0 where it is left out; the zero Node if all count.
func (l sparse) counts(pred, target graph.Node) (counts graph.Node) {
	target = classNumbers(pred, target)
	for i, class := range l.ignore {
		other := target.Shift(-float64(class)).Abs().Sign()
		if i == 0 {
			counts = other
		} else {
			counts = counts.Mul(other)
		}
	}
	return counts
}

// oneHot returns the class numbers as one-hot vectors of the prediction's shape, with class 0 where they are left out.
func (l sparse) oneHot(pred, target graph.Node) graph.Node {
	classes := classNumbers(pred, target)
	if len(l.ignore) > 0 {
		classes = classes.Mul(l.counts(pred, target))
	}
	return classes.OneHot(pred.Dim(-1))
}

// mean returns the mean over the class numbers that count.
func (l sparse) mean(pred, target graph.Node) graph.Node {
	t := l.oneHot(pred, target)
	if len(l.ignore) == 0 {
		return l.Loss(pred, t)
	}
	each, counts := l.each(pred, target, t)
	return each.Sum().Div(atLeastOne(counts.Sum()))
}

// perSample returns the mean over the class numbers of each sample that count, (batch).
func (l sparse) perSample(pred, target graph.Node) graph.Node {
	t := l.oneHot(pred, target)
	if len(l.ignore) == 0 {
		return l.PerSample(pred, t)
	}
	each, counts := l.each(pred, target, t)
	rows := func(x graph.Node) graph.Node { return x.Reshape(pred.Dim(0), -1).Sum(1) }
	return rows(each).Div(atLeastOne(rows(counts)))
}

// each returns the loss of each class number, 0 where it is left out, and the counts, both as vectors.
func (l sparse) each(pred, target, t graph.Node) (each, counts graph.Node) {
	if t.Err() != nil {
		return t, t
	}
	counts = l.counts(pred, target).Reshape(-1)
	each = l.PerSample(pred.Reshape(-1, pred.Dim(-1)), t.Reshape(-1, t.Dim(-1)))
	return each.Mul(counts), counts
}

// atLeastOne returns x, and 1 where it is less.
func atLeastOne(x graph.Node) graph.Node { return x.Clip(1, math.Inf(1)) }
