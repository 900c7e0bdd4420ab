package eval

import (
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// Sizes for which the product of patches and weights is faster than the kernels of convolutions, whose vectors are pixels.
const (
	patchPixels = 16 // at most so many pixels of an image in the result
	patchOuts   = 32 // at least so many channels of the result
)

// quickConv sets y to a convolution by the kernels. Weights that are the same in all runs are kept in the order that the kernels read.
func quickConv[T kernels.Float](c *call, s kernels.ConvShape, y, x, w, bias *Tensor) {
	to, from, weights := []T(y.data.(list[T])), []T(x.data.(list[T])), []T(w.data.(list[T]))
	var ep *kernels.Epilogue[T]
	if a := c.after; bias != nil || a.act != kernels.ActNone {
		ep = &kernels.Epilogue[T]{Act: a.act, Slope: T(a.slope), Low: T(a.low), High: T(a.high)}
	}
	if bias != nil {
		ep.Bias = bias.data.(list[T])
	}
	pixels := s.Y.Out() * s.X.Out()
	if c.node.constant[1] && s.Groups == 1 && pixels <= patchPixels && s.Out >= patchOuts && !kernels.SignalsPay[T](s) {
		depth := len(weights) / s.Out
		rows, sums := c.made(x.Type(), s.Batch*pixels, depth).data.(list[T]), c.made(x.Type(), s.Batch*pixels, s.Out).data.(list[T])
		patches(s, rows, from)
		matrix := packed[T](c, 1, s.Out, depth, true)[0]
		kernels.MatMulPacked(pool(), kernels.Dense([]T(sums), s.Batch*pixels, s.Out), kernels.Dense([]T(rows), s.Batch*pixels, depth), matrix, 1, 0, ep)
		for i, v := range sums {
			row, out := i/s.Out, i%s.Out
			to[(row/pixels*s.Out+out)*pixels+row%pixels] = v
		}
		return
	}
	kernels.ConvPacked(pool(), s, to, from, weights, ordered(c, s, weights), ep)
}

// ordered returns the weights, input 1, in the order that the kernels read; nil if that is the order in memory, if they are not the same
// in all runs, or if the program cannot afford the bytes: then the kernels order them, with the same result.
func ordered[T kernels.Float](c *call, s kernels.ConvShape, weights []T) *kernels.PackedConv[T] {
	n := c.node
	if before := n.kept[1].Load(); before != nil {
		p, _ := (*before).(*kernels.PackedConv[T])
		return p
	}
	if !n.constant[1] || kernels.OrderOf[T](s) == (kernels.ConvOrder{}) {
		return nil
	}
	size := c.inputs[1].bytes() / len(weights)
	if !c.program.afford(kernels.PackedConvSize[T](s) * size) {
		return nil
	}
	return kept(c, 1, 0, func() *kernels.PackedConv[T] {
		var p kernels.PackedConv[T]
		p.Pack(pool(), s, weights)
		return &p
	})
}

// patches sets each row of to, one for a pixel of the result, to the elements of x that its window covers, in the order of the weights.
func patches[T kernels.Float](s kernels.ConvShape, to, x []T) {
	for n := range s.Batch {
		for i := range s.Y.Out() * s.X.Out() {
			top, left := i/s.X.Out()*s.Y.Stride-s.Y.Before, i%s.X.Out()*s.X.Stride-s.X.Before
			for channel := range s.In {
				image := x[(n*s.In+channel)*s.Y.In*s.X.In:][:s.Y.In*s.X.In]
				for ky := range s.Y.Kernel {
					row := top + ky*s.Y.Dilation
					for kx := range s.X.Kernel {
						if col := left + kx*s.X.Dilation; row >= 0 && row < s.Y.In && col >= 0 && col < s.X.In {
							to[0] = image[row*s.X.In+col]
						}
						to = to[1:]
					}
				}
			}
		}
	}
}

// quickTransposed is a transposed convolution by the kernels. It returns nil if they do not support the type or the window.
func (c *call) quickTransposed(x, w, bias *Tensor, win *window, groups int) *Tensor {
	last := len(win.in) - 1
	if x.Type() != proto.Float32 && x.Type() != proto.Float64 || last > 1 || x.Size() == 0 || w.Size() == 0 || sizeOf(win.in) == 0 {
		return nil
	}
	s := kernels.ConvShape{Batch: x.Shape[0], In: w.Shape[1] * groups, Out: x.Shape[1], Groups: groups, Y: kernels.Window{In: 1, Kernel: 1, Stride: 1, Dilation: 1}, X: win.kernel(last)}
	if last == 1 {
		s.Y = win.kernel(0)
	}
	pixels := x.Shape[2:]
	if s.Y.Check() != nil || s.X.Check() != nil || s.X.Out() != pixels[last] || last == 1 && s.Y.Out() != pixels[0] {
		return nil
	}
	y := c.filled(x.Type(), append([]int{s.Batch, s.In}, win.in...)...)
	if x.Type() == proto.Float32 {
		transposedInto[float32](s, y, x, w, bias)
	} else {
		transposedInto[float64](s, y, x, w, bias)
	}
	return y
}

func transposedInto[T kernels.Float](s kernels.ConvShape, y, x, w, bias *Tensor) {
	var ep *kernels.Epilogue[T]
	if bias != nil {
		ep = &kernels.Epilogue[T]{Bias: bias.data.(list[T])}
	}
	kernels.ConvInput(pool(), s, []T(y.data.(list[T])), []T(x.data.(list[T])), []T(w.data.(list[T])), ep)
}
