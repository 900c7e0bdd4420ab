package graph

import (
	"fmt"
	"strings"
)

// Freeze excludes parameters from training: those of the part of the model that has the given full name, such as "encoder",
// or the one parameter of that name, such as "encoder/dense1/bias". The states of such a part (running statistics) stay as
// they are, too. A frozen part still computes as layers do in training: Dropout drops, BatchNorm normalizes by the batch.
// Training that is under way takes notice from its next step on. The name "" is the whole model.
func (m *Model) Freeze(name string) error { return m.freeze("Freeze", name, true) }

// Unfreeze includes parameters in training again, with the optimizer's state that they had.
func (m *Model) Unfreeze(name string) error { return m.freeze("Unfreeze", name, false) }

func (m *Model) freeze(what, name string, on bool) error {
	found := false
	_ = m.store.choose(func() error {
		for _, p := range m.own() {
			if name == "" || p.name == name || strings.HasPrefix(p.name, name+"/") {
				p.frozen, found = on, true
			}
		}
		return nil
	})
	if !found {
		var names []string
		for _, l := range m.layers {
			names = append(names, l.path)
		}
		return fmt.Errorf("graph: %s: got %q, want the name of a parameter or of a layer that has some: %s", what, name, enumerate(names))
	}
	return nil
}
