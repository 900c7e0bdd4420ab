package optimizers

import "github.com/nndiy/nndiy/graph"

// Files name the optimizers so.
func init() {
	for _, v := range []graph.Optimizer{
		Adadelta{}, Adagrad{}, Adam{}, AdamW{}, Adamax{}, Clip{}, EMA{}, Lion{}, Nadam{}, RMSProp{}, SGD{},
	} {
		graph.Register("", v)
	}
}
