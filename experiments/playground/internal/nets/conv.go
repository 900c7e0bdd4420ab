package nets

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// Conv returns a classifier with two convolutions. Its input is an image of 28×28 pixels as one row.
func Conv() layers.Sequential {
	filters := func(n int) layers.Conv2D {
		return layers.Conv2D{Filters: n, Kernel: []int{5}, Padding: layers.Same, KernelInit: graph.HeUniform}
	}
	return layers.Sequential{
		layers.Reshape{Shape: []int{1, 28, 28}},
		filters(8), layers.ReLU{}, layers.MaxPool2D{},
		filters(16), layers.ReLU{}, layers.MaxPool2D{},
		layers.Flatten{},
		layers.Dense{Units: 10}, layers.Softmax{},
	}
}
