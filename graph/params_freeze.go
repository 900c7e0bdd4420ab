package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Freeze excludes parameters from training. The name is the full name of a layer, such as "encoder", or of one parameter,
// such as "encoder/dense1/bias"; "" stands for the whole model. States of a frozen layer, such as running statistics, do not
// change either. The name of a layer without parameters is an error. Fit returns an error at the beginning of an epoch in
// which everything is frozen. During Fit, a frozen layer still computes as in training, unlike in Keras: Dropout drops, BatchNorm normalizes
// by the batch. If a Fit is running, Freeze takes effect at its next step.
func (m *Model) Freeze(name string) error { return m.freeze("Freeze", name, true) }

// Unfreeze includes parameters in training again. They still have the optimizer's state from before Freeze. Parameters that
// Config.Train leaves out stay out.
func (m *Model) Unfreeze(name string) error { return m.freeze("Unfreeze", name, false) }

func (m *Model) freeze(what, name string, on bool) error {
	if err := m.made(); err != nil {
		return public(what, err)
	}
	found := false
	_ = m.store.choose(func() error {
		for _, p := range m.own() {
			if p.excluded && !on {
				continue
			}
			if p.under(name) {
				p.frozen, found = on, true
			}
		}
		return nil
	})
	if !found {
		var names []string
		if !on && len(m.cfg.Train) > 0 && slices.ContainsFunc(m.own(), func(p *parameter) bool { return p.under(name) }) {
			return fmt.Errorf("graph: %s: got %.64q, want a parameter or a layer that Config.Train includes", what, name)
		}
		got := fmt.Sprintf("%.64q", name)
		for _, l := range m.layers {
			if l.path == name {
				got += ", a layer without parameters"
			}
			if slices.ContainsFunc(m.own(), func(p *parameter) bool { return strings.HasPrefix(p.name, l.path+"/") }) {
				names = append(names, l.path)
			}
		}
		switch {
		case len(m.own()) == 0:
			return fmt.Errorf("graph: %s: got %s of a network without parameters, want one with parameters", what, got)
		case len(names) == 0: // of a single layer
			for _, p := range m.own() {
				names = append(names, p.name)
			}
		}
		return fmt.Errorf("graph: %s: got %s, want the name of a parameter, or of a layer with parameters, such as %s", what, got, enumerate(names))
	}
	return nil
}

// under reports whether the parameter has the name, or is below the layer of that name.
func (p *param) under(name string) bool {
	return name == "" || p.name == name || strings.HasPrefix(p.name, name+"/")
}

// checkFrozen returns an error if training can change nothing.
func (m *Model) checkFrozen() error {
	if m.flat {
		return errors.New("got a loss without a derivative by any parameter, as behind ArgMax, Round or StopGradient, want one that training can reduce")
	}
	return m.store.read(func() error {
		switch list := m.store.list; {
		case len(list) == 0:
			return errors.New("got a network without parameters, want at least one to train")
		case !slices.ContainsFunc(list, func(p *parameter) bool { return p.changes() }):
			what := "frozen"
			if len(m.cfg.Train) > 0 {
				what += " or not in Config.Train"
			}
			return fmt.Errorf("got a model whose parameters are all %s (%d), want at least one to train: see Unfreeze", what, len(list))
		}
		return nil
	})
}
