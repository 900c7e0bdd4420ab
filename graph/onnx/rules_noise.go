package onnx

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// noise makes an input of random numbers, which whoever runs the file draws.
func (w *writer) noise(i int, d ops.Random) stored {
	it := &w.items[i]
	if len(it.shape) == 0 || it.shape[0] != (dim{1, true}) {
		return w.fail(i, "got noise whose first dimension is not the batch's, which an input of the file needs")
	}
	v := w.typed(w.name("noise"), it.shape)
	switch d.Dist {
	case ops.Uniform:
		v.Doc = "random numbers, uniform from 0 up to, not including, 1"
	case ops.Normal:
		v.Doc = "random numbers of the standard normal distribution; zeros for its mean"
	case ops.Bernoulli:
		v.Doc = fmt.Sprintf("1 with the probability %v, else 0, at random", d.P)
	}
	w.graph.Inputs = append(w.graph.Inputs, v)
	return stored{v.Name, it.shape}
}
