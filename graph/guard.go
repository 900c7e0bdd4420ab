package graph

import (
	"sync"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A guard is held while the parameters are read or changed.
type guard struct {
	sync.RWMutex

	packs *ops.Packs // are told of changes
}

// Lock is for whoever changes parameters.
func (g *guard) Lock() {
	g.RWMutex.Lock()
	g.packs.Changed()
}
