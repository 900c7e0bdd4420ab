package onnx

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// symbols returns the sizes of the named dimensions of the bound inputs, without those that given replaces.
func (r *Runner) symbols(given map[string]Tensor) map[string]int {
	symbols := map[string]int{}
	if len(r.bound) == 0 {
		return symbols
	}
	for _, v := range r.program.Inputs() {
		b := r.bound[v.Name]
		if _, ok := given[v.Name]; ok || b == nil {
			continue
		}
		for i, d := range v.Dims {
			if d.Name != "" {
				symbols[d.Name] = b.Shape[i]
			}
		}
	}
	return symbols
}

// input checks an input. symbols has the sizes of the named dimensions so far.
func (r *Runner) input(name string, t Tensor, symbols map[string]int) (*eval.Tensor, error) {
	at := slices.IndexFunc(r.program.Inputs(), func(v proto.Value) bool { return v.Name == name })
	if at < 0 {
		return nil, fmt.Errorf("got input %.64q, want one of %.256q", name, r.names())
	}
	v, err := t.value()
	if err != nil {
		return nil, fmt.Errorf("input %.64q: %w", name, err)
	}
	want := r.program.Inputs()[at]
	if v.Type() != want.Type {
		return nil, fmt.Errorf("input %.64q: got elements of %v, want %v", name, v.Type(), want.Type)
	}
	if want.Dims == nil {
		return v, nil
	}
	fits := len(v.Shape) == len(want.Dims)
	for i := 0; fits && i < len(v.Shape); i++ {
		fits = dimension(want.Dims[i]) == v.Shape[i] || open(want.Dims[i])
	}
	if !fits {
		return nil, fmt.Errorf("input %.64q: got shape %v, want %v", name, v.Shape, sizes(want.Dims))
	}
	for i, d := range want.Dims {
		symbol := d.Name
		if symbol == "" {
			continue
		}
		if n, ok := symbols[symbol]; ok && n != v.Shape[i] {
			return nil, fmt.Errorf("input %.64q: got %d for dimension %.64q, want %d as in other inputs", name, v.Shape[i], symbol, n)
		}
		symbols[symbol] = v.Shape[i]
	}
	return v, nil
}
