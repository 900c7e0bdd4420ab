package nets

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// UNet returns a denoiser of convolutions. It halves the image twice, looks at all of the smallest size by two dense layers, and
// doubles it twice; a sum joins the layers at half the size. Input and output are images of 28×28 pixels as rows.
func UNet() layers.Sequential {
	filters := func(n, kernel, stride int) layers.Conv2D {
		return layers.Conv2D{Filters: n, Kernel: []int{kernel}, Stride: []int{stride}, Padding: layers.Same, KernelInit: graph.HeUniform}
	}
	larger := func(n, kernel int) layers.ConvTranspose2D {
		return layers.ConvTranspose2D{Filters: n, Kernel: []int{kernel}, Stride: []int{2}, Padding: layers.Same}
	}
	return layers.Sequential{
		layers.Reshape{Shape: []int{1, 28, 28}},
		graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { // most clean pixels are near black or white, few random ones are
			return graph.Concat(1, x, x.Scale(-64).Shift(1).ReLU(), x.Scale(64).Shift(-63).ReLU())
		}),
		filters(16, 4, 2), layers.ReLU{},
		graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			small := s.Apply(filters(16, 3, 2), x).ReLU()
			flat := small.Reshape(small.Dim(0), -1)
			h := s.Apply(layers.Dense{Units: 48, KernelInit: graph.HeUniform}, flat).ReLU()
			all := s.Apply(layers.Dense{Units: flat.Dim(1)}, h).Reshape(small.Shape()...)
			return x.Add(s.Apply(larger(16, 2), small.Add(all).ReLU()))
		}), layers.ReLU{},
		filters(16, 3, 1), layers.ReLU{},
		larger(1, 4),
		layers.Flatten{}, layers.Sigmoid{},
	}
}
