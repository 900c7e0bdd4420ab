package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// probeBatch is the size of the batch with which Compile tries the network.
const probeBatch = 2

// probeSizes are the sizes that Compile tries for dimensions that are Any, in this order: a network may need a least size, as one
// of convolutions, or a multiple of its strides, and a largest one.
var probeSizes = []int{
	16, 32, 64, 128, 256, 8, 12, 24, 48, 96, 192, 20, 40, 28, 56, 112, 224, 448, 512, 10, 7, 5, 9, 6, 4, 3, 1, 11, 13, 33, 65, 129,
	257, 299,
}

// probeChanges are the changes of a size that Compile tries: n becomes n·by/part + add. The first ones are large, so that what
// depends on the size changes too, even after a division.
var probeChanges = []struct{ by, part, add int }{
	{3, 1, 0}, {2, 1, 0}, {4, 1, 0}, {3, 2, 0}, {1, 2, 0}, {1, 3, 0}, {1, 4, 0},
	{1, 1, 1}, {1, 1, 2}, {1, 1, 3}, {1, 1, 4}, {1, 1, -1}, {1, 1, -2},
}

// probeStarts is the number of working sizes from which Compile tries changes, before it returns the error of the last one.
const probeStarts = 3

// A place is a dimension of an input.
type place struct{ in, axis int }

// places returns the dimensions that are Any.
func (m *Model) places() []place {
	var list []place
	for i, in := range m.ins {
		for axis, d := range in.shape {
			if d == Any {
				list = append(list, place{i, axis})
			}
		}
	}
	return list
}

// findProbes sets probes, unless they are known. It looks for sizes for which the network works, and for others: first each Any
// is changed by itself, then, if that is an error, together with others.
func (m *Model) findProbes() error {
	if m.probes != nil {
		return nil
	}
	start := make(sampleShapes, len(m.ins))
	for i, in := range m.ins {
		start[i] = slices.Clone(in.shape)
	}
	if !m.varies {
		m.probes = []sampleShapes{start}
		return nil
	}
	p := prober{model: *m, places: m.places()}
	var failed error // with the first sizes
	var tried sampleShapes
	starts := 0
	for _, n := range probeSizes {
		for _, sizes := range p.spread(n) {
			shapes := start.clone()
			for i, at := range p.places {
				shapes[at.in][at.axis] = sizes[i]
			}
			if err := p.begin(shapes); err != nil {
				if failed == nil {
					failed, tried = err, shapes
				}
				continue
			}
			probes, err := p.vary(shapes)
			if starts++; err == nil || errors.As(err, new(*parameterError)) || starts == probeStarts {
				m.probes = probes
				return err
			}
			failed, tried = err, p.last
		}
	}
	return fmt.Errorf("%w; the inputs have the shapes %v here, with sizes for graph.Any, and other sizes are errors too",
		failed, [][]int(tried))
}

// A prober tries a network with several sizes. Its parameters have no values.
type prober struct {
	model  Model
	places []place
	names  []string     // the parameters with the sizes of begin
	failed error        // the first one of a change
	last   sampleShapes // with which it failed
}

// spread returns lists of sizes for the places: different ones, and equal ones.
func (p *prober) spread(n int) [][]int {
	k := len(p.places)
	if k == 1 {
		return [][]int{{n}}
	}
	up, down := make([]int, k), make([]int, k)
	for i := range k {
		up[i], down[i] = n*(i+1), n*(k-i)
	}
	return [][]int{up, down, slices.Repeat([]int{n}, k)}
}

// begin tries sizes with new parameters.
func (p *prober) begin(shapes sampleShapes) error {
	p.model.store = newStore(p.model.store.params, p.model.cfg.DType)
	p.model.store.shapes = true
	names, err := p.emit(shapes)
	p.names, p.model.store.sealed = names, true
	return err
}

// emit builds the network and returns the names of its parameters.
func (p *prober) emit(shapes sampleShapes) ([]string, error) {
	train, err := p.model.emit(probeBatch, shapes, true)
	if err != nil {
		return nil, err
	}
	predict, err := p.model.emit(probeBatch, shapes, false)
	if err != nil {
		return nil, err
	}
	return append(train.b.order, predict.b.order...), nil
}

// vary returns the probes that begin with the given one.
func (p *prober) vary(first sampleShapes) ([]sampleShapes, error) {
	probes, done := []sampleShapes{first}, map[place]bool{}
	for _, at := range p.places {
		if done[at] {
			continue
		}
		p.failed = nil
		ok := false
		for _, set := range p.sets(at) {
			shapes, changed, err := p.change(first, set)
			if err != nil {
				return nil, err
			}
			if ok = shapes != nil; ok {
				probes = append(probes, shapes)
				for _, at := range changed {
					done[at] = true
				}
				break
			}
		}
		if !ok {
			return nil, p.failed
		}
	}
	return probes, nil
}

// sets returns the sets of dimensions that may have to change together with one: none, another one, or all.
func (p *prober) sets(at place) [][]place {
	list := [][]place{{at}}
	for _, other := range p.places {
		if other != at {
			list = append(list, []place{at, other})
		}
	}
	return append(list, p.places)
}

// change tries other sizes for the dimensions of a set. It returns shapes for which the network works, and the smallest part of
// the set that must change together; nil if it finds none. The error is that of a parameter.
func (p *prober) change(first sampleShapes, set []place) (sampleShapes, []place, error) {
	for _, c := range probeChanges {
		try := func(set []place) (sampleShapes, error) {
			shapes := first.clone()
			for _, at := range set {
				d := &shapes[at.in][at.axis]
				n := *d*c.by/c.part + c.add
				if n < 1 || n == *d || *d*c.by%c.part != 0 {
					return nil, nil
				}
				*d = n
			}
			err := p.again(first, shapes)
			if errors.As(err, new(*parameterError)) {
				return nil, err
			}
			if err != nil {
				if p.failed == nil {
					p.failed, p.last = err, shapes
				}
				return nil, nil
			}
			return shapes, nil
		}
		shapes, err := try(set)
		if err != nil {
			return nil, nil, err
		}
		if shapes == nil {
			continue
		}
		for i := len(set) - 1; i > 0; i-- {
			fewer := slices.Delete(slices.Clone(set), i, i+1)
			if s, err := try(fewer); err == nil && s != nil {
				set, shapes = fewer, s
			}
		}
		return shapes, set, nil
	}
	return nil, nil, nil
}

// again tries other sizes with the same parameters.
func (p *prober) again(first, shapes sampleShapes) error {
	names, err := p.emit(shapes)
	if unused := difference(p.names, names); err == nil && len(unused) > 0 {
		err = &parameterError{name: unused[0]}
	}
	return p.model.dependent(err, first, shapes)
}

// dependent explains the error of a parameter that has one shape for the first shapes of the inputs, and another one, or none, for
// the second. It returns any other error as it is.
func (m *Model) dependent(err error, first, second sampleShapes) error {
	var p *parameterError
	if !errors.As(err, &p) {
		return err
	}
	var sizes, before []string
	for _, at := range m.places() {
		if n, was := second[at.in][at.axis], first[at.in][at.axis]; n != was {
			sizes = append(sizes, fmt.Sprintf("%d for dimension %d of %s", n, at.axis, field(at.in, m.ins[at.in])))
			before = append(before, fmt.Sprint(was))
		}
	}
	got, had := "none", "none"
	if p.shape != nil {
		got = fmt.Sprint("shape ", p.shape)
	}
	if q := m.store.byName[p.name]; q != nil {
		had = fmt.Sprint(q.shape)
	}
	text := fmt.Sprintf("got %s with %s, and %s with %s, want the same for every size of a dimension that is graph.Any: "+
		"give the dimension a size, or reduce it before this layer, as layers.GlobalAvgPool does",
		got, strings.Join(sizes, " and "), had, strings.Join(before, " and "))
	return fmt.Errorf("graph: Compile: %w", &parameterError{p.name, p.shape, text})
}
