package live

import "math"

// bins is the number of bars of a histogram.
const bins = 40

// mostCounted is the number of elements, about, that a histogram counts of a larger set.
const mostCounted = 1 << 16

// A Spread describes a set of numbers.
type Spread struct {
	Norm   float64 // Euclidean, of the finite ones
	Lo, Hi float64 // the smallest and the largest finite one
	Bad    int     // how many are not finite
	Bars   [bins]int
}

// SpreadOf returns the spread of a parameter or a gradient: the bars are of equal width from Lo to Hi. Of a large set they count
// elements at equal distances.
func SpreadOf[T float32 | float64](values []T) Spread {
	s := Spread{Lo: math.Inf(1), Hi: math.Inf(-1)}
	sum := 0.0
	for _, t := range values {
		v := float64(t)
		sum += v * v
		if v < s.Lo {
			s.Lo = v
		}
		if v > s.Hi {
			s.Hi = v
		}
	}
	if sum-sum != 0 { // with numbers that are not finite, or huge
		s, sum = finite(values)
	}
	s.Norm = math.Sqrt(sum)
	if s.Lo > s.Hi { // no finite number
		s.Lo, s.Hi = 0, 0
		return s
	}
	scale := bins / (s.Hi - s.Lo)
	flat := !(scale <= math.MaxFloat64) || scale == 0 // all are equal, or too far apart
	step := 1
	if len(values) > mostCounted {
		step = len(values)/mostCounted | 1 // odd: rows of a matrix often have even lengths
	}
	for i := 0; i < len(values); i += step {
		switch v := float64(values[i]); {
		case v-v != 0:
		case flat:
			s.Bars[bins/2]++
		default:
			s.Bars[min(int((v-s.Lo)*scale), bins-1)]++
		}
	}
	return s
}

// finite returns the bounds of the finite numbers, the count of the others, and the sum of squares.
func finite[T float32 | float64](values []T) (s Spread, sum float64) {
	s.Lo, s.Hi = math.Inf(1), math.Inf(-1)
	for _, t := range values {
		v := float64(t)
		if v-v != 0 {
			s.Bad++
			continue
		}
		sum += v * v
		s.Lo, s.Hi = min(s.Lo, v), max(s.Hi, v)
	}
	return s, sum
}

func (m message) spread(s Spread) message {
	m = m.raw(`{"norm":`).float(s.Norm, 5).key("lo").float(s.Lo, 5).key("hi").float(s.Hi, 5).key("bad").int(s.Bad).raw(`,"bars":[`)
	for i, n := range s.Bars {
		if i > 0 {
			m = m.raw(",")
		}
		m = m.int(n)
	}
	return m.raw("]}")
}

// A Parameter is a parameter of the network, its value and its gradient.
type Parameter struct {
	Name            string
	Size            int // elements
	Value, Gradient Spread
}

// Layers shows the parameters at a step.
func (r *Run) Layers(step int, list []Parameter) {
	list = list[:min(len(list), mostNames)]
	m := newMessage("layers", r.number).key("step").int(step).raw(`,"list":[`)
	names := newMessage("norms", r.number).key("step").int(step).raw(`,"list":[`)
	for i, p := range list {
		if i > 0 {
			m, names = m.raw(","), names.raw(",")
		}
		m = m.raw(`{"name":`).text(short(p.Name)).key("size").int(p.Size).key("value").spread(p.Value).
			key("gradient").spread(p.Gradient).raw("}")
		names = names.raw("[").text(short(p.Name)).raw(",").float(p.Value.Norm, 5).raw(",").float(p.Gradient.Norm, 5).raw("]")
	}
	r.add(&r.norms, names.raw("]").end(), false)
	r.set(&r.layers, m.raw("]").end())
}
