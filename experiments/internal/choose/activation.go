package choose

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// An Activation is an activation layer, and the initializer that suits the layer before it.
type Activation struct {
	Layer graph.Layer
	Init  graph.Initializer
}

// Dense returns a dense layer to put before the activation.
func (a Activation) Dense(units int) layers.Dense {
	return layers.Dense{Units: units, KernelInit: a.Init}
}

// Activations returns a flag that selects an activation; first is the default.
func Activations(first string) *Flag[Activation] {
	f := Of(
		Option[Activation]{"relu", Activation{layers.ReLU{}, graph.HeUniform}},
		Option[Activation]{"tanh", Activation{layers.Tanh{}, graph.GlorotUniform}},
		Option[Activation]{"sigmoid", Activation{layers.Sigmoid{}, graph.GlorotUniform}},
		Option[Activation]{"leaky-relu", Activation{layers.LeakyReLU{}, graph.HeUniform}},
		Option[Activation]{"elu", Activation{layers.ELU{}, graph.HeUniform}},
		Option[Activation]{"selu", Activation{layers.SELU{}, graph.LeCunNormal}},
		Option[Activation]{"gelu", Activation{layers.GELU{}, graph.HeUniform}},
		Option[Activation]{"silu", Activation{layers.SiLU{}, graph.HeUniform}},
	)
	f.Set(first)
	return f
}
