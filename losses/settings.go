package losses

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// checked returns x, with an error that names the first setting that is not valid.
func checked(x graph.Node, list ...settings.Setting) graph.Node {
	if err := settings.Check(list...); err != nil {
		return x.Errorf("%w", err)
	}
	return x
}
