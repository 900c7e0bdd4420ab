package graph

import (
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A namedNode is a scalar that is measured.
type namedNode struct {
	name string
	node Node
}

// Log measures x, which must have one element, in training and evaluation: the logs get its mean over the samples of an epoch, as
// a loss's. The name "kl" becomes train_kl and valid_kl in the logs of Fit, and kl in those of Evaluate. It must be unique in the
// whole network, and other than that of a loss or a metric. x is not trained; see Penalty.
func (s *Scope) Log(name string, x Node) {
	s.begin()
	switch {
	case x.err != nil:
		s.b.keep(x.err)
	case x.b != s.b:
		s.b.fail("Log", errNoNode)
	case tensors.Size(x.Shape()) != 1:
		s.b.fail("Log", fmt.Errorf("%s: got shape %v, want one element", name, x.Shape()))
	case strings.TrimSpace(name) == "":
		s.b.fail("Log", fmt.Errorf("got the name %q, want a name for the logs", name))
	default:
		for _, l := range s.b.logs {
			if l.name == name {
				s.b.fail("Log", fmt.Errorf("got the name %q twice, want unique names", name))
				return
			}
		}
		s.b.logs = append(s.b.logs, namedNode{name, x.Reshape()})
	}
}

// checkLogs returns an error if a scalar that a network measures has the name of another value in the logs.
func (m *Model) checkLogs(b *builder) error {
	taken, err := m.logNames()
	for _, l := range b.logs {
		if other := taken[l.name]; err == nil && other != "" {
			err = fmt.Errorf("graph: Log: got the name %q, which the logs give to %s, want another", l.name, other)
		}
	}
	return err
}
