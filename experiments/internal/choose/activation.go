package choose

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// An Activation is a layer without parameters, and the initial weights that suit the layers before it.
type Activation struct {
	Layer graph.Layer
	Init  graph.Initializer
}

// Dense is a dense layer to be followed by the activation.
func (a Activation) Dense(units int) layers.Dense {
	return layers.Dense{Units: units, KernelInit: a.Init}
}

// Activations returns a flag of activations, at first the one that is named.
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
