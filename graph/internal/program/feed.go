package program

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A feed is an input of a program.
type feed struct {
	input  *ops.Input // nil if no output needs it
	node   *ops.Node  // of the machine's graph
	shape  []int
	value  *tensor.Dense // bound to the node; each run sets its memory
	copied bool          // a value came that could not be used as it was
	buffer *tensor.Dense // for a copy
}

// words returns the words of memory that the buffer needs.
func (f *feed) words() int {
	if f.input == nil || !f.copied {
		return 0
	}
	return ops.Words(tensors.Size(f.shape), f.input.DType)
}

// set makes v the value of the input: v itself if it has the graph's element type and is contiguous, else a copy.
func (f *feed) set(v *tensor.Dense) error {
	if f.input == nil {
		return nil
	}
	if v == nil {
		return fmt.Errorf("got no tensor, want shape %v", f.shape)
	}
	if !tensors.SameShape(v, f.shape) {
		return fmt.Errorf("got shape %v, want %v", v.Shape(), f.shape)
	}
	if v.Dtype() != f.input.DType || !tensors.Contiguous(v) {
		if f.buffer == nil || f.buffer.Raw == nil { // the memory has room for it from the next time on
			f.copied = true
			f.buffer = tensors.New(f.input.DType, f.shape)
		}
		if err := tensors.Copy(f.buffer, v); err != nil {
			return err
		}
		v = f.buffer
	}
	if f.value == nil {
		f.value = tensors.Share(nil, v)
		return gorgonia.Let(f.node, f.value)
	}
	tensors.Share(f.value, v)
	return nil
}
