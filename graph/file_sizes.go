package graph

import (
	"encoding/json"
	"fmt"
)

// maxProbes limits the number of probes in a file, since the network is built for each.
const maxProbes = 32

// sizes returns the model's probes as JSON, "" if no dimension of an input is Any.
func (m *Model) sizes() (string, error) {
	if !m.varies {
		return "", nil
	}
	text, err := json.Marshal(m.probes)
	return string(text), err
}

// setSizes sets the probes from a file, which is not trusted: Compile has found them.
func (m *Model) setSizes(text string) error {
	if !m.varies {
		return nil
	}
	var probes []sampleShapes
	if err := json.Unmarshal([]byte(text), &probes); err != nil {
		return fmt.Errorf("%s: got %.64q, want the shapes of the inputs as JSON", sizesKey, text)
	}
	if len(probes) < 2 || len(probes) > maxProbes {
		return fmt.Errorf("%s: got %d lists of shapes, want from 2 to %d", sizesKey, len(probes), maxProbes)
	}
	for _, shapes := range probes {
		if len(shapes) != len(m.ins) {
			return fmt.Errorf("%s: got the shapes of %d inputs, want %d", sizesKey, len(shapes), len(m.ins))
		}
		for i, in := range m.ins {
			if !fits(shapes[i], in.shape) {
				return fmt.Errorf("%s: %s: got shape %.100s, want %.100s", sizesKey, in.name, fmt.Sprint(shapes[i]), batchShape(in.shape))
			}
		}
	}
	m.probes = probes
	return nil
}
