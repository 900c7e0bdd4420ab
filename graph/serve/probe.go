package serve

import (
	"context"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// findings are what a description needs to know of a model and the limits.
type findings struct {
	rows, size int     // Config.MaxRows and MaxSize
	largest    float64 // of an input
	least      int     // size of dimensions that are graph.Any
	kinds      []kind  // of the elements of an input: of all, or of each

	pieces []int // shape of a sample of a stream's output, in which the time is graph.Any; nil if the model cannot be streamed

	required []string     // columns of raw rows without which a row is an error
	answer   graph.Answer // for a row
}

// probe finds out by predictions what the model takes.
func (s *served) probe(c *Config) findings {
	f := findings{rows: c.MaxRows, size: c.MaxSize, least: 1, largest: math.MaxFloat32}
	y, shape, err := example(s.model)
	if err == nil && y.Dtype() == tensor.Float64 {
		f.largest = math.MaxFloat64
	}
	accepts := func(v float64, at int) bool { // as the element at, if the others are 0; as all elements if at is less than 0
		x := make([]float64, size(shape))
		for i := range x {
			if at < 0 || i == at {
				x[i] = v
			}
		}
		_, err := s.model.Predict(context.Background(), inputOf(1, shape, x))
		return err == nil
	}
	if any := slices.Index(s.model.Input(), graph.Any); any >= 0 {
		found := shape
		for f.least = 1; f.least < found[any]; f.least++ {
			if shape = sized(s.model.Input(), f.least); accepts(0, -1) {
				break
			}
		}
		shape = sized(s.model.Input(), f.least)
	}
	f.kinds = kinds(s.model.Input(), f.least, accepts)
	f.pieces = s.probeStream(f.least)
	if s.raw() {
		s.probeRows(&f)
	}
	return f
}

// probedElements is the number of elements of an input that are tried one by one.
const probedElements = 64

// A kind is what an element of an input may be.
type kind struct {
	integer bool // such as of layers.Embedding
	most    int  // the largest integer
}

// kinds returns one kind if all elements of a sample have the same, or if they are too many or in rows; else one for each. accepts tries a value of
// the element at a place while the others are 0, or of all if the place is less than 0.
func kinds(input []int, least int, accepts func(v float64, at int) bool) []kind {
	of := func(at int) kind {
		if accepts(0.5, at) || !accepts(0, at) {
			return kind{}
		}
		return kind{true, largest(0, func(v int) bool { return accepts(float64(v), at) })}
	}
	all := of(-1)
	if !all.integer {
		return []kind{all}
	}
	n := size(sized(input, least))
	list := make([]kind, min(n, probedElements))
	for i := range list {
		at := i * (n - 1) / max(1, len(list)-1) // the first and the last, and some between
		if list[i] = all; accepts(0.5, at) || accepts(float64(all.most+1), at) {
			list[i] = of(at)
		}
	}
	switch {
	case !slices.ContainsFunc(list, func(k kind) bool { return k != list[0] }):
		return list[:1]
	case len(list) < n || len(input) > 1 || input[0] == graph.Any:
		return []kind{{}}
	}
	return list
}

// largest returns the largest number that is accepted, found by halving; low is.
func largest(low int, accepts func(int) bool) int {
	for high := 1 << 24; low+1 < high; {
		if middle := (low + high) / 2; accepts(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// probeStream returns the shape of a sample of a stream's output, found from pieces of one and two steps. Other dimensions that are
// graph.Any have the given size. It returns nil if the model cannot be streamed.
func (s *served) probeStream(least int) (shape []int) {
	m, ok := s.model.(streamModel)
	if !ok {
		return nil
	}
	for steps := 1; steps <= 2; steps++ {
		stream, err := m.Stream()
		if err != nil {
			return nil
		}
		in, time := s.pieceShape()
		in = sized(in, least)
		in[time] = steps
		y, err := stream.Next(context.Background(), inputOf(1, in, make([]float32, size(in))))
		if err != nil {
			return nil
		}
		if steps == 1 {
			shape = slices.Clone(y.Shape()[1:])
		}
		for i, d := range y.Shape()[1:] {
			if d != shape[i] {
				shape[i] = graph.Any
			}
		}
	}
	return shape
}

// probeRows finds the columns that a row must have, and predicts for a row.
func (s *served) probeRows(f *findings) {
	row := map[string]any{}
	for _, c := range s.fields() {
		switch {
		case c.Target:
		case c.Kind == graph.KindNumber:
			row[c.Name] = 0.0
		case c.Kind == graph.KindTime:
			row[c.Name] = "2000-01-01"
		default:
			row[c.Name] = "x"
		}
	}
	answers := func() []graph.Answer {
		a, _ := s.model.(rowModel).PredictRows(context.Background(), []map[string]any{row})
		return a
	}
	if a := answers(); len(a) == 1 {
		f.answer = a[0]
		for _, c := range s.fields() {
			value := row[c.Name]
			if delete(row, c.Name); !c.Target && len(answers()) == 0 {
				f.required = append(f.required, c.Name)
				row[c.Name] = value
			}
		}
	}
}
