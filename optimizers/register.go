package optimizers

import "github.com/nndiy/nndiy/graph"

// A rule is an optimizer of this package: it scales gradients itself, and it checks its settings.
type rule interface {
	graph.GradScaler
	graph.Validator
}

// init gives every optimizer its name in files, such as optimizers.SGD.
func init() {
	for _, v := range []rule{
		Adadelta{}, Adagrad{}, Adam{}, AdamW{}, Adamax{}, Clip{}, EMA{}, Groups{}, Lion{}, Muon{}, Nadam{}, RMSProp{}, SGD{},
	} {
		graph.Register("", v)
	}
}
