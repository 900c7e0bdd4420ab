package main

import (
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network says what the model's file holds the parameters of: dense layers, one after the other.
type network struct {
	file       string
	input      int
	units      string // of each layer, with commas between
	activation string // between the layers
	last       string // at the end
}

// activations are what may follow a dense layer.
var activations = map[string]graph.Layer{
	"identity": layers.Identity{}, "relu": layers.ReLU{}, "tanh": layers.Tanh{}, "sigmoid": layers.Sigmoid{},
	"gelu": layers.GELU{}, "softmax": layers.Softmax{},
}

func (n *network) declare(f *flag.FlagSet) {
	f.StringVar(&n.file, "model", "", "`file` of the parameters, as graph.Model.SaveFile writes it")
	f.IntVar(&n.input, "input", 784, "numbers in a sample")
	f.StringVar(&n.units, "units", "256,128,10", "`numbers` of units of the dense layers")
	f.StringVar(&n.activation, "activation", "tanh", "what follows each dense layer but the last: identity, relu, tanh, sigmoid, gelu or softmax")
	f.StringVar(&n.last, "last", "softmax", "what follows the last one")
}

// load makes the model.
func (n *network) load() (*graph.Model, error) {
	var net layers.Sequential
	units := strings.Split(n.units, ",")
	for i, text := range units {
		u, err := strconv.Atoi(text)
		if err != nil || u < 1 {
			return nil, fmt.Errorf("-units: got %q, want numbers above 0 with commas between", n.units)
		}
		flag, name := "-activation", n.activation
		if i == len(units)-1 {
			flag, name = "-last", n.last
		}
		activation, ok := activations[name]
		if !ok {
			return nil, fmt.Errorf("%s: got %q, want identity, relu, tanh, sigmoid, gelu or softmax", flag, name)
		}
		net = append(net, layers.Dense{Units: u}, activation)
	}
	m, err := graph.Compile(net, graph.Config{Input: []int{n.input}})
	if err != nil {
		return nil, err
	}
	return m, m.LoadFile(n.file)
}
