package eval

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// quickPool computes a pooling of x by the kernels. It returns nil for other element types, more than two axes, and a window that has no
// elements.
func (c *call) quickPool(x *Tensor, w *window, largest, padded bool) *Tensor {
	if x.Type() != proto.Float32 && x.Type() != proto.Float64 || len(w.in) > 2 || x.Size() == 0 {
		return nil
	}
	one := kernels.PoolWindow{Window: kernels.Window{In: 1, Kernel: 1, Stride: 1, Dilation: 1}}
	s := kernels.PoolShape{Planes: sizeOf(x.Shape[:2]), Y: one, X: one}
	for i := range w.in {
		p := w.pooling(i)
		for o := range w.out[i] {
			if p.Counted(o, false) < 1 {
				return nil
			}
		}
		s.Y, s.X = s.X, p
	}
	y := c.filled(x.Type(), append(slices.Clone(x.Shape[:2]), w.out...)...)
	c.spend(product(y.Size(), sizeOf(w.size)))
	if x.Type() == proto.Float32 {
		poolInto[float32](s, y, x, largest, padded)
	} else {
		poolInto[float64](s, y, x, largest, padded)
	}
	return y
}

func poolInto[T kernels.Float](s kernels.PoolShape, y, x *Tensor, largest, padded bool) {
	to, from := []T(y.data.(list[T])), []T(x.data.(list[T]))
	if largest {
		kernels.MaxPool(pool(), s, to, from)
	} else {
		kernels.AvgPool(pool(), s, to, from, padded)
	}
}

// pooling returns the window along an axis. With the attribute ceil_mode, the last one may reach beyond the padding.
func (w *window) pooling(i int) kernels.PoolWindow {
	p := kernels.PoolWindow{Window: w.kernel(i)}
	p.Over = max(0, (w.out[i]-1)*p.Stride+p.Extent()-p.In-p.Before-p.After)
	return p
}
