package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Any is a dimension of Config.Input or Config.Inputs that may have another size in each batch: the time of sequences, or the
// height and the width of images.
//
//	graph.Config{Input: []int{graph.Any, 64}}              // sequences of any length
//	graph.Config{Input: []int{3, graph.Any, graph.Any}}    // images of any size
//
// The samples of one batch have the same size. The batch itself is not part of these shapes and always varies. The network is
// built again for each size, and programs are cached by it. No parameter may depend on such a size: Compile tries the network
// with several sizes, and returns an error that names the parameter and the dimension. A size for which the network does not
// work, such as an image smaller than a window, is an error of the layer when the model runs, and is an ErrInput. With several
// Anys each may vary by itself, unless the network itself demands that some are equal.
const Any = -1

// sampleShapes holds the shape of one sample of each input, in the order of Model.ins.
type sampleShapes [][]int

// clone returns a deep copy.
func (s sampleShapes) clone() sampleShapes {
	list := make(sampleShapes, len(s))
	for i, shape := range s {
		list[i] = slices.Clone(shape)
	}
	return list
}

// fits reports whether a shape has the given dimensions; Any stands for 1 or more.
func fits(shape, dims []int) bool {
	return slices.EqualFunc(shape, dims, func(got, want int) bool { return got == want && want != Any || want == Any && got >= 1 })
}

// mark sets the dimensions of shape that differ from those of another to Any, and reports whether both have as many dimensions.
func mark(shape, other []int) bool {
	if len(shape) != len(other) {
		return false
	}
	for i, d := range other {
		if d != shape[i] {
			shape[i] = Any
		}
	}
	return true
}

// shapesOf returns the shapes in a programKey.
func (m *Model) shapesOf(inputs string) sampleShapes {
	if inputs == "" {
		return m.probes[0]
	}
	return decodeShapes(inputs)
}

// blameShapes returns the error of building the network as one of the inputs, if they have dimensions that vary.
func (m *Model) blameShapes(err error, inputs string) error {
	if inputs == "" {
		return err
	}
	var list []string
	for i, s := range m.shapesOf(inputs) {
		list = append(list, m.ins[i].name+" "+batchShape(s))
	}
	return badInput(fmt.Errorf("%w; got these sizes from %s", err, strings.Join(list, ", ")))
}

// knownShapes limits the number of shapes that programs remembers.
const knownShapes = 1024

// outputShapes returns the shape of one sample of each output, for the inputs of a programKey.
func (m *Model) outputShapes(inputs string) ([][]int, error) {
	if inputs == "" {
		return m.fixed, nil
	}
	s := m.programs
	s.mu.Lock()
	known, ok := s.shapes[inputs]
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	e, err := m.emit(probeBatch, m.shapesOf(inputs), m.training)
	if err != nil {
		return nil, m.blameShapes(err, inputs)
	}
	shapes := make([][]int, len(m.outs))
	for i, o := range m.outs {
		y, err := e.output(o)
		if err != nil {
			return nil, m.blameShapes(err, inputs)
		}
		shapes[i] = y.Shape()[1:]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.shapes) >= knownShapes || s.shapes == nil {
		s.shapes = map[string][][]int{}
	}
	s.shapes[inputs] = shapes
	return shapes, nil
}

// probesOf returns the probes of a layer as a model of its own; nil if they are not known.
func (m *Model) probesOf(l *layerRecord) []sampleShapes {
	if len(l.probes) != len(m.probes) {
		return nil
	}
	list := make([]sampleShapes, len(m.probes))
	for k, shapes := range m.probes {
		list[k] = shapes.clone()
		list[k][0] = slices.Clone(l.probes[k][1:])
	}
	return list
}

// setVarying sets the dimensions of outputs and layers that vary to Any. It builds the network for all probes; e is the graph
// for the first, for training.
func (m *Model) setVarying(e emission) error {
	for _, l := range m.layers {
		l.probes = [][]int{slices.Clone(l.in)}
	}
	for _, o := range m.outs {
		m.fixed = append(m.fixed, slices.Clone(o.shape))
	}
	for k, shapes := range m.probes[1:] {
		again, err := m.emit(probeBatch, shapes, true)
		if unused := difference(e.b.order, again.b.order); err == nil && len(unused) > 0 {
			err = &parameterError{name: unused[0]}
		}
		if err != nil {
			return m.dependent(err, m.probes[0], shapes)
		}
		for i, o := range m.outs {
			y, err := again.output(o)
			if err != nil {
				return err
			}
			if !mark(m.outs[i].shape, y.Shape()[1:]) {
				return fmt.Errorf("graph: Compile: output %s: got shapes %v and %v for inputs %v and %v, want the same number of dimensions",
					o.name, o.shape, y.Shape()[1:], m.probes[0], shapes)
			}
		}
		if len(again.b.layers) != len(m.layers) {
			continue
		}
		for i, l := range m.layers {
			other := again.b.layers[i]
			if len(l.probes) == k+1 && l.path == other.path && mark(l.in, other.in) && mark(l.out, other.out) {
				l.probes = append(l.probes, other.in)
			}
		}
	}
	return nil
}

// difference returns the names in a that are not in b.
func difference(a, b []string) []string {
	known := map[string]bool{}
	for _, name := range b {
		known[name] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(name string) bool { return known[name] })
}
