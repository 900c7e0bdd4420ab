package ops

import (
	"fmt"
	"slices"
)

// SameValues reports whether the graphs of a network for two sizes of the batch have the same operations and constants, apart
// from sizes in proportion to the batch. If not, a row's value may depend on the number of rows.
func SameValues(batchA, batchB int, a, b []*Node) bool {
	_, same := difference(sizing{unit: batchA}, sizing{unit: batchB}, a, b)
	return same
}

// SameValues returns a TimelineError unless the graph of the outputs and that of the others, for another number of steps, have the
// same operations and constants, apart from sizes in proportion to the steps.
func (t *Timeline) SameValues(outputs []*Node, steps int, others []*Node) error {
	o, same := difference(sizing{t.Steps, true}, sizing{steps, true}, outputs, others)
	if same {
		return nil
	}
	return timelineError(o, "which depends on the number of steps")
}

// difference returns the first op of a that is not in b, nil if there are other numbers of ops.
func difference(sizeA, sizeB sizing, a, b []*Node) (o *Op, same bool) {
	a, b = Needed(a...), Needed(b...)
	for i := range min(len(a), len(b)) {
		x, y := Of(a[i]), Of(b[i])
		if (x == nil) != (y == nil) {
			return x, false
		}
		if x != nil && (sizeA.valueOf(x) != sizeB.valueOf(y) || !sameConstants(x.Def, y.Def)) {
			return x, false
		}
	}
	return nil, len(a) == len(b)
}

// A sizing counts sizes that are multiples of a unit, the batch or the number of time steps, in that unit.
type sizing struct {
	unit  int
	steps bool // the unit is the number of time steps
}

func (s sizing) size(n int) string {
	switch {
	case n%s.unit == 0:
		return fmt.Sprint(n/s.unit, " units")
	case s.steps && n%s.unit == s.unit-1:
		return fmt.Sprint(n/s.unit+1, " units less 1")
	case s.steps && n%s.unit == 1:
		return fmt.Sprint(n/s.unit, " units and 1")
	}
	return fmt.Sprint(n)
}

// valueOf returns the name and numbers of an op, without its shape.
func (s sizing) valueOf(o *Op) string {
	switch d := o.Def.(type) {
	case Slice:
		if scan, ok := defOf(o.In[0]).(*Scan); ok {
			part, from, to := scan.PartOf(d)
			if s.steps {
				return fmt.Sprint("part ", part, s.size(from), s.size(to))
			}
			return fmt.Sprint("part ", part, from, to)
		}
		if s.steps {
			return fmt.Sprint("Slice ", d.Axis, s.size(d.From), s.size(d.To-d.From))
		}
		return fmt.Sprint("Slice ", d.Axis, s.size(d.From), s.size(d.To))
	case Pad:
		return fmt.Sprint("Pad ", d.Axis, s.size(d.Before), s.size(d.After))
	case Reshape, Broadcast, *Constant:
		return fmt.Sprintf("%T", d)
	case Fill:
		return fmt.Sprint(d.Value)
	case Random:
		d.To = ""
		return d.String()
	case *Scan:
		return d.valueOf(s)
	case Conv:
		if s.steps {
			d.Y.In, d.X.In = 0, 0
			return d.String()
		}
	}
	return o.Def.String()
}

// sameConstants reports whether two constants of one shape have equal elements; of another shape they may.
func sameConstants(a, b Def) bool {
	x, ok := a.(*Constant)
	y, _ := b.(*Constant)
	return !ok || !slices.Equal(x.shape, y.shape) || slices.Equal(x.values, y.values)
}
