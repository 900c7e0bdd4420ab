package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// all returns the predictions and the targets of all batches. If they have dimensions that vary from batch to batch, such as the
// time of sequences, these and the dimensions before them become one: each element of a sequence is a row.
func (s *scores) all() (pred, target *Tensor, err error) {
	merged := max(merge(s.pred), merge(s.target))
	list := [2][]*Tensor{s.pred, s.target}
	for i, what := range []string{"predictions", "targets"} {
		if merged == 1 {
			continue
		}
		if list[i], err = flatten(list[i], merged); err != nil {
			return nil, nil, fmt.Errorf("%s: %s: %w", s.name, what, err)
		}
	}
	for i, p := range list[0] {
		if t := list[1][i]; merged > 1 && p.Shape()[0] != t.Shape()[0] {
			return nil, nil, fmt.Errorf("%s: got targets of shape %v for predictions of shape %v, want the same in the first %d dimensions, "+
				"since sizes vary from batch to batch", s.name, []int(s.target[i].Shape()), []int(s.pred[i].Shape()), merged)
		}
	}
	return stack(list[0]), stack(list[1]), nil
}

// merge returns the number of dimensions up to the last one that varies among tensors; the batch is the first.
func merge(list []*Tensor) int {
	last := 1
	for _, t := range list {
		a, b := list[0].Shape(), t.Shape()
		for d := 1; d < len(a) && d < len(b); d++ {
			if a[d] != b[d] {
				last = max(last, d+1)
			}
		}
	}
	return last
}

// flatten makes the first dimensions of tensors one.
func flatten(list []*Tensor, dims int) ([]*Tensor, error) {
	flat := make([]*Tensor, len(list))
	for i, t := range list {
		shape := t.Shape()
		if len(shape) < dims {
			return nil, fmt.Errorf("got shape %v, want %d dimensions or more, since the sizes of these vary from batch to batch", []int(shape), dims)
		}
		if !slices.Equal(shape[dims:], list[0].Shape()[dims:]) {
			return nil, fmt.Errorf("got shapes %v and %v in batches of one epoch, want the same number of dimensions",
				[]int(list[0].Shape()), []int(shape))
		}
		row, err := tensors.RowMajor(t)
		if err != nil {
			return nil, err
		}
		flat[i] = tensors.New(t.Dtype(), append([]int{tensors.Size(shape[:dims])}, shape[dims:]...))
		copy(tensors.Bytes(flat[i]), tensors.Bytes(row))
	}
	return flat, nil
}

// stack concatenates tensors along the first dimension.
func stack(list []*Tensor) *Tensor {
	rows := 0
	for _, t := range list {
		rows += t.Shape()[0]
	}
	out := tensors.New(list[0].Dtype(), append([]int{rows}, list[0].Shape()[1:]...))
	at := 0
	for _, t := range list {
		n := t.Shape()[0]
		_ = tensors.Copy(tensors.Rows(out, at, n), t)
		at += n
	}
	return out
}
