package layers_test

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network is a layer made of layers. Parts with a name can be taken out of the model, with Sub.
func Example() {
	net := layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Dense{Units: 16}, layers.GELU{}}),
		layers.Residual{Layer: layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}}},
		layers.Dropout{Rate: 0.1},
		layers.Dense{Units: 3, KernelPenalty: layers.Penalty{L2: 1e-4}}, layers.Softmax{},
	}
	model, err := graph.Compile(net, graph.Config{Input: []int{4}})
	fmt.Println(model, err)
	// Output:
	// layer                         output  parameters
	// input                         [n 4]
	// encoder/dense1                [n 16]  80
	// encoder/gelu1                 [n 16]  0
	// residual1/sequential1/dense1  [n 16]  272
	// residual1/sequential1/tanh1   [n 16]  0
	// dropout1                      [n 16]  0
	// dense1                        [n 3]   51
	// softmax1                      [n 3]   0
	// total: 403 parameters
	//  <nil>
}
