package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/tensors"
)

// Weights maps the full names of parameters, such as "encoder/dense1/weight", to their values. A full name is the path of the
// layer and the parameter's name in it. In the model of a layer that is compiled alone, the path begins inside the layer:
// dense1/weight if the layer encoder is the network. A part of a model has the names of the whole model: see Model.Sub.
type Weights map[string]*Tensor

// Names returns the names of the parameters in alphabetical order.
func (w Weights) Names() []string {
	names := make([]string, 0, len(w))
	for name := range w {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Weights returns copies of all parameters of the model, states included; for a part of a model, copies of the part's own.
func (m *Model) Weights() (w Weights) {
	if m.made() != nil {
		return Weights{}
	}
	_ = m.store.read(func() error {
		w = weightsOf(values(m.own()))
		return nil
	})
	return w
}

// SetWeights sets the parameters of the model, states included; for a part of a model, the part's own. It copies the values
// and converts them to Config.DType. A missing parameter, an unknown name and a wrong shape are errors; SetWeights then
// changes nothing.
func (m *Model) SetWeights(w Weights) error {
	if err := m.made(); err != nil {
		return public("SetWeights", err)
	}
	return public("SetWeights", m.set(w))
}

func (m *Model) set(w Weights) error {
	return m.store.change(func() error {
		return m.store.params.set(values(m.own()), w)
	})
}

// own returns the parameters of the model; for a part of a model, only the part's.
func (m *Model) own() []*parameter {
	if m.path == "" {
		return m.store.list
	}
	var list []*parameter
	for _, p := range m.store.list {
		if strings.HasPrefix(p.name, m.path+"/") {
			list = append(list, p)
		}
	}
	return list
}

func (s *store) weights() Weights { return weightsOf(values(s.list)) }

func (s *store) set(w Weights) error { return setWeights(values(s.list), s.dtype, w) }

// values returns the values of parameters.
func values(list []*parameter) []*param {
	params := make([]*param, len(list))
	for i, p := range list {
		params[i] = p.param
	}
	return params
}

func weightsOf(list []*param) Weights {
	w := Weights{}
	for _, p := range list {
		w[p.name] = tensors.Clone(p.value)
	}
	return w
}

// setWeights sets parameters, whose element type is dt.
func setWeights(list []*param, dt tensor.Dtype, w Weights) error {
	var missing, unknown []string
	known := map[string]bool{}
	for _, p := range list {
		known[p.name] = true
		t := w[p.name]
		if t == nil {
			missing = append(missing, p.name)
			continue
		}
		if !tensors.SameShape(t, p.shape) {
			return fmt.Errorf("parameter %s: got shape %v, want %v", p.name, []int(t.Shape()), p.shape)
		}
		if err := tensors.Copy(tensors.New(dt, p.shape), t); err != nil {
			return fmt.Errorf("parameter %s: %w", p.name, err)
		}
	}
	for _, name := range w.Names() {
		if !known[name] {
			unknown = append(unknown, name)
		}
	}
	if len(missing)+len(unknown) > 0 {
		return mismatch(missing, unknown)
	}
	for _, p := range list {
		_ = tensors.Copy(p.value, w[p.name]) // succeeded above
	}
	return nil
}

// mismatch returns the error for missing parameters and for names that the model does not have.
func mismatch(missing, unknown []string) error {
	var parts []string
	if len(missing) > 0 {
		parts = append(parts, "got no "+enumerate(missing))
	}
	if len(unknown) > 0 {
		parts = append(parts, "got "+enumerate(unknown)+", want no parameter of that name")
	}
	if front, ok := inFront(missing, unknown); ok {
		parts = append(parts, fmt.Sprintf("want %.64q in front of the names; Model.Sub explains the names of a part", front))
	} else if front, ok := inFront(unknown, missing); ok {
		parts = append(parts, fmt.Sprintf("want the names without %.64q in front; Model.Sub explains the names of a part", front))
	}
	return errors.New(strings.Join(parts, "; "))
}

// inFront reports whether the long names are the short ones with the same path in front, which it returns.
func inFront(long, short []string) (path string, ok bool) {
	if len(long) == 0 || len(long) != len(short) {
		return "", false
	}
	long, short = slices.Sorted(slices.Values(long)), slices.Sorted(slices.Values(short))
	path, ok = strings.CutSuffix(long[0], short[0])
	if !ok || !strings.HasSuffix(path, "/") {
		return "", false
	}
	for i := range long {
		if long[i] != path+short[i] {
			return "", false
		}
	}
	return path, true
}

// enumerate lists the first few names for an error message.
func enumerate(names []string) string {
	const most = 8
	var quoted []string
	for _, name := range names[:min(len(names), most)] {
		quoted = append(quoted, fmt.Sprintf("%.64q", name))
	}
	list := strings.Join(quoted, ", ")
	if len(names) > most {
		list += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return list
}
