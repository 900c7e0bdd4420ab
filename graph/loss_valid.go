package graph

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// isValid reports for each element of a mask that a program has computed whether it is valid.
func isValid(mask *Tensor) []bool {
	if mask.Dtype() == tensor.Float32 {
		return above(tensors.Data[float32](mask))
	}
	return above(tensors.Data[float64](mask))
}

func above[T kernels.Float](values []T) []bool {
	list := make([]bool, len(values))
	for i, v := range values {
		list[i] = v > 0
	}
	return list
}

// countValid returns the number of valid elements of a mask, or of the rows that have one.
func countValid(mask *Tensor, rows bool) int {
	width := 1
	if rows {
		width = tensors.Size(mask.Shape()[1:])
	}
	if mask.Dtype() == tensor.Float32 {
		return countAbove(tensors.Data[float32](mask), width)
	}
	return countAbove(tensors.Data[float64](mask), width)
}

// countAbove returns the number of rows with an element above 0.
func countAbove[T kernels.Float](values []T, width int) (n int) {
	for ; len(values) > 0; values = values[width:] {
		if slices.ContainsFunc(values[:width], func(v T) bool { return v > 0 }) {
			n++
		}
	}
	return n
}

// takeValid returns the parts of t that are valid, one for each element of the mask, whose shape is that of t's first dimensions:
// (valid elements, ...). It returns nil if there are none.
func takeValid(t, mask *Tensor) (*Tensor, error) {
	t, err := tensors.Floats(t)
	if err != nil {
		return nil, err
	}
	n := countValid(mask, false)
	if n == 0 {
		return nil, nil
	}
	inner := t.Shape()[mask.Dims():]
	out := tensors.New(t.Dtype(), append([]int{n}, inner...))
	if t.Dtype() == tensor.Float32 {
		takeRows(tensors.Data[float32](out), tensors.Data[float32](t), isValid(mask))
	} else {
		takeRows(tensors.Data[float64](out), tensors.Data[float64](t), isValid(mask))
	}
	return out, nil
}

func takeRows[T kernels.Float](dst, src []T, valid []bool) {
	width := len(src) / len(valid)
	for i, ok := range valid {
		if ok {
			dst = dst[copy(dst[:width], src[i*width:]):]
		}
	}
}

// checkMasked returns an error if a loss does not accept a target that counts. feed checks the targets of the outputs without masks;
// here a program has computed which count.
func (m *Model) checkMasked(p *program.Program, b Batch) error {
	place := -1
	for _, o := range m.outs {
		if !o.measured() {
			continue
		}
		place++
		valid := p.Valid(place)
		if valid == nil || !o.targeted() {
			continue
		}
		what, y := "target", b.Y
		if o.name != MainOutput {
			what, y = o.name+" target", b.Targets[o.name]
		}
		if err := o.checkValid(y, valid); err != nil {
			return badInput(fmt.Errorf("%s: %w", what, err))
		}
	}
	return nil
}

// checkValid is checkMasked for the target of one output.
func (o outPort) checkValid(y, mask *Tensor) error {
	ranger, _ := o.Loss.(TargetRanger)
	checker, _ := o.Loss.(TargetChecker)
	if ranger == nil && checker == nil {
		return nil
	}
	values, err := tensors.Float64s(y)
	if err != nil {
		return err
	}
	valid, shape := isValid(mask), o.shape[mask.Dims()-1:]
	if own := y.Shape()[mask.Dims():]; fits(own, shape) { // a dimension may be Any
		shape = own
	}
	width, steps := len(values)/len(valid), len(valid)/mask.Shape()[0]
	least, most := math.Inf(-1), math.Inf(1)
	if ranger != nil {
		least, most = ranger.TargetRange()
	}
	for i, ok := range valid {
		if !ok {
			continue
		}
		where := fmt.Sprintf("sample %d", i/steps)
		if steps > 1 {
			where += fmt.Sprintf(", step %d", i%steps)
		}
		element := values[i*width:][:width]
		for _, v := range element {
			if v < least-rangeSlack || v > most+rangeSlack {
				return fmt.Errorf("%s: got %v, want a number from %v to %v", where, v, least, most)
			}
		}
		if checker != nil && width == tensors.Size(shape) {
			if err := checker.CheckTarget(element, shape); err != nil {
				return fmt.Errorf("%s: %w", where, err)
			}
		}
	}
	return nil
}
