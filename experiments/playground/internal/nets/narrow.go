package nets

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// Narrow returns a denoiser of dense layers, whose middle has 64 units. Input and output are images of 28×28 pixels as rows.
func Narrow() layers.Sequential {
	return layers.Sequential{
		layers.Dense{Units: 64, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: 784}, layers.Sigmoid{},
	}
}
