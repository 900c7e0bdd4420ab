package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Freeze excludes parameters from training. The name is the full name of a layer, such as "encoder", or of one parameter,
// such as "encoder/dense1/bias"; "" stands for the whole model. States of a frozen layer, such as running statistics, do not
// change either. During Fit, a frozen layer still computes as in training, unlike in Keras: Dropout drops, BatchNorm normalizes
// by the batch. If a Fit is running, Freeze takes effect at its next step.
func (m *Model) Freeze(name string) error { return m.freeze("Freeze", name, true) }

// Unfreeze includes parameters in training again. They still have the optimizer's state from before Freeze.
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
			if slices.ContainsFunc(m.own(), func(p *parameter) bool { return strings.HasPrefix(p.name, l.path+"/") }) {
				names = append(names, l.path)
			}
		}
		return fmt.Errorf("graph: %s: got %q, want the name of a parameter, or of a layer with parameters, such as %s", what, name, enumerate(names))
	}
	return nil
}
