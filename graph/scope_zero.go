package graph

import (
	"errors"

	"gorgonia.org/tensor"
)

var errNoScope = errors.New("got the zero Scope, want one that Emit or NewFunction gets")

// begin gives the zero Scope a graph that has an error. Exported methods call it first.
func (s *Scope) begin() {
	if s.b != nil {
		return
	}
	empty := newBuilder(newStore(NewParams(0), tensor.Float64), false).scope()
	empty.b.fail("Scope", errNoScope)
	empty.training, empty.path = s.training, s.path
	*s = *empty
}
