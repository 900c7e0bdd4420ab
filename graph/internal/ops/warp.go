package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Warp resamples images, (batch, channels, height, width). The second input, (batch, 2, 3), is an affine matrix for each image,
// which maps a pixel's position in the output to the position where the input is read; see kernels.Warp. Adjoint is the
// transposed operation, the derivative by the images. The matrices get no gradient.
type Warp struct {
	Adjoint bool
	Fill    float64 // value of pixels outside the image
}

// String implements Def.
func (w Warp) String() string {
	if w.Adjoint {
		return "WarpAdjoint"
	}
	return fmt.Sprintf("Warp(%v)", w.Fill)
}

// Infer implements Def.
func (w Warp) Infer(in [][]int) ([]int, error) {
	if len(in[0]) != 4 {
		return nil, fmt.Errorf("got shape %v, want (batch, channels, height, width)", in[0])
	}
	if want := []int{in[0][0], 2, 3}; !slices.Equal(in[1], want) {
		return nil, fmt.Errorf("got matrices of shape %v, want %v", in[1], want)
	}
	return in[0], nil
}

// Diff implements Def.
func (w Warp) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Must(Warp{Adjoint: !w.Adjoint}, grad, Of(n).In[1]), nil}
}

// Bind implements Def.
func (w Warp) Bind(o *Op) Kernel {
	return Kernel{F32: bindWarp[float32](w, o), F64: bindWarp[float64](w, o)}
}

func bindWarp[T kernels.Float](w Warp, o *Op) func(out []T, in [][]T) {
	s := kernels.ImageShape{Channels: o.Shape[1], Height: o.Shape[2], Width: o.Shape[3]}
	size := tensors.Size(o.Shape[1:])
	return inPieces(o, o.Shape[0], max(1, 2048/size), func(out []T, in [][]T, lo, hi int) {
		for i := lo; i < hi; i++ {
			to, from, m := out[i*size:(i+1)*size], in[0][i*size:(i+1)*size], in[1][6*i:6*i+6]
			if w.Adjoint {
				kernels.WarpAdjoint(s, to, from, m)
			} else {
				kernels.Warp(s, to, from, m, T(w.Fill))
			}
		}
	})
}
