package nets

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// Dense returns a classifier with one hidden layer. Its input is an image of 28×28 pixels as one row.
func Dense() layers.Sequential {
	return layers.Sequential{
		layers.Dense{Units: 128, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: 10}, layers.Softmax{},
	}
}
