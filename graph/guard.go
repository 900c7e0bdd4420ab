package graph

import (
	"sync"
	"sync/atomic"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A guard is held while the parameters are read or changed.
type guard struct {
	sync.RWMutex

	packs *ops.Packs // are told of changes

	choice sync.RWMutex // held, before the other, while the choice of trained parameters is read or changed
	fit    atomic.Bool  // a Fit is under way
}

// Lock is for whoever changes parameters.
func (g *guard) Lock() {
	g.RWMutex.Lock()
	g.packs.Changed()
}
