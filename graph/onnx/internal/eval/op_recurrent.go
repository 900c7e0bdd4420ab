package eval

import (
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	attributes := "activation_alpha activation_beta activations clip direction hidden_size layout"
	register(map[string]operator{
		"RNN":  {least: 3, most: 6, attributes: attributes + " output_sequence", run: recurrent},
		"GRU":  {least: 3, most: 6, attributes: attributes + " linear_before_reset output_sequence", run: recurrent},
		"LSTM": {least: 3, most: 8, attributes: attributes + " input_forget output_sequence", run: recurrent},
	})
}

// A cell is one direction of a recurrent operator, for one batch. Weights are (gates·units, ...), in float64.
type cell struct {
	c                   *call
	gates, units        int
	r, bias, rbias, p   []float64 // recurrent weights, biases of the input and of the state, peepholes
	f                   []func(v float64) float64
	clip                float64
	apart, coupled      bool // linear_before_reset, input_forget
	h, cells            []float64
	products, candidate []float64
}

// recurrent runs RNN, GRU or LSTM: x is (steps, batch, features), or with layout 1 (batch, steps, features).
func recurrent(c *call) []*Tensor {
	x, w, r := c.in(0), c.in(1), c.in(2)
	gates := map[string]int{"RNN": 1, "GRU": 3, "LSTM": 4}[c.node.Operator]
	c.want(len(x.Shape) == 3 && len(w.Shape) == 3 && len(r.Shape) == 3 && isFloat(x), "got %v of shapes %v, %v and %v, want floating-point numbers of 3 dimensions", x.Type(), x.Shape, w.Shape, r.Shape)
	layout := c.flag("layout")
	if layout {
		x = c.permuted(x, []int{1, 0, 2})
	}
	steps, batch, features := x.Shape[0], x.Shape[1], x.Shape[2]
	units := r.Shape[2]
	directions := map[string]int{"forward": 1, "reverse": 1, "bidirectional": 2}[strings.ToLower(c.str("direction", "forward"))]
	c.want(directions > 0, "attribute direction: got %.16q, want forward, reverse or bidirectional", c.str("direction", ""))
	c.want(slices.Equal(w.Shape, []int{directions, gates * units, features}) && slices.Equal(r.Shape, []int{directions, gates * units, units}),
		"got weights of shapes %v and %v for %d features, want %d directions of %d gates", w.Shape, r.Shape, features, directions, gates)
	c.want(c.int("hidden_size", units) == units, "attribute hidden_size: got %d, want %d", c.int("hidden_size", 0), units)
	lengths := slices.Repeat([]int{steps}, batch)
	if c.opt(4) != nil {
		lengths = c.sizes(4)
		c.want(len(lengths) == batch, "input 5: got %d lengths, want %d", len(lengths), batch)
		for _, n := range lengths {
			c.want(n >= 0 && n <= steps, "input 5: got length %d, want 0 to %d", n, steps)
		}
	}
	part := func(i, d int, shape ...int) []float64 { // of input i for direction d
		size := sizeOf(shape)
		if c.opt(i) == nil {
			return make([]float64, sizeOf(c.shape(size)))
		}
		v := c.in(i).Doubles()
		c.want(len(v) == directions*size, "input %d: got shape %v, want %d directions of %v", i+1, c.in(i).Shape, directions, shape)
		return v[d*size : (d+1)*size]
	}
	initial := func(i, d int) []float64 {
		if t := c.opt(i); t != nil && layout {
			c.want(len(t.Shape) == 3, "input %d: got shape %v, want 3 dimensions", i+1, t.Shape)
			c.inputs[i] = c.permuted(t, []int{1, 0, 2})
			defer func() { c.inputs[i] = t }()
		}
		return slices.Clone(part(i, d, batch, units))
	}
	c.spend(product(directions, steps, batch, gates*units, features+units))
	y := c.made(proto.Float64, steps, directions, batch, units)
	lastH, lastC := c.made(proto.Float64, directions, batch, units), c.made(proto.Float64, directions, batch, units)
	for d := range directions {
		wd := &Tensor{[]int{gates * units, features}, w.data.slice(d*gates*units*features, (d+1)*gates*units*features)}
		xw := c.matMul(x.reshaped(steps*batch, features), c.permuted(wd, []int{1, 0})).Doubles()
		bias := part(3, d, 2, gates*units)
		e := &cell{c: c, gates: gates, units: units, r: part2(r, d), bias: bias[:gates*units], rbias: bias[gates*units:], clip: c.float("clip", 0), apart: c.flag("linear_before_reset"), coupled: c.flag("input_forget")}
		e.h = initial(5, d)
		if gates == 4 {
			e.cells, e.p = initial(6, d), part(7, d, 3, units)
		}
		e.setFunctions(d, directions)
		back := d == 1 || strings.EqualFold(c.str("direction", "forward"), "reverse")
		e.run(xw, y.data.(list[float64]), lengths, steps, d, directions, back)
		copy(lastH.data.(list[float64])[d*batch*units:], e.h)
		copy(lastC.data.(list[float64])[d*batch*units:], e.cells)
	}
	out := []*Tensor{y.as(x.Type()), lastH.as(x.Type()), lastC.as(x.Type())}
	if layout {
		out[0] = c.permuted(out[0], []int{2, 0, 1, 3})
		out[1], out[2] = c.permuted(out[1], []int{1, 0, 2}), c.permuted(out[2], []int{1, 0, 2})
	}
	if gates != 4 {
		out = out[:2]
	}
	return out
}

func part2(t *Tensor, d int) []float64 {
	n := t.Size() / t.Shape[0]
	return castTo[float64](t.data.slice(d*n, (d+1)*n))
}

// run computes all steps of a direction.
func (e *cell) run(xw, y []float64, lengths []int, steps, d, directions int, back bool) {
	batch, u := len(lengths), e.units
	e.products, e.candidate = make([]float64, e.gates*u), make([]float64, u)
	pool := func(s, b int) {
		h := e.h[b*u : (b+1)*u]
		var cells []float64
		if e.cells != nil {
			cells = e.cells[b*u : (b+1)*u]
		}
		e.step(xw[(s*batch+b)*e.gates*u:][:e.gates*u], h, cells)
		copy(y[((s*directions+d)*batch+b)*u:], h)
	}
	for b, n := range lengths {
		for s := range n {
			if back {
				s = n - 1 - s
			}
			pool(s, b)
		}
	}
}

// dot is the product of row i of the recurrent weights and the state.
func (e *cell) dot(i int, h []float64) float64 {
	total := 0.0
	for k, v := range e.r[i*e.units : (i+1)*e.units] {
		total += v * h[k]
	}
	return total
}

func (e *cell) limited(v float64) float64 {
	if e.clip > 0 {
		return min(max(v, -e.clip), e.clip)
	}
	return v
}

// step computes one step of one sequence, in place. The gates are z, r, h of GRU and i, o, f, c of LSTM.
func (e *cell) step(x, h, cells []float64) {
	u, p := e.units, e.products
	for i := range p {
		p[i] = x[i] + e.bias[i]
		if !(e.gates == 3 && i >= 2*u) {
			p[i] += e.dot(i, h) + e.rbias[i]
		}
	}
	switch e.gates {
	case 1:
		for i := range u {
			h[i] = e.f[0](e.limited(p[i]))
		}
	case 3:
		for i := range 2 * u {
			p[i] = e.f[0](e.limited(p[i]))
		}
		reset := p[u : 2*u]
		for i := range u {
			if e.apart {
				e.candidate[i] = p[2*u+i] + reset[i]*(e.dot(2*u+i, h)+e.rbias[2*u+i])
				continue
			}
			total := p[2*u+i] + e.rbias[2*u+i]
			for k, v := range e.r[(2*u+i)*u : (2*u+i+1)*u] {
				total += v * reset[k] * h[k]
			}
			e.candidate[i] = total
		}
		for i := range u {
			h[i] = (1-p[i])*e.f[1](e.limited(e.candidate[i])) + p[i]*h[i]
		}
	default:
		for i := range u {
			in := e.f[0](e.limited(p[i] + e.p[i]*cells[i]))
			forget := 1 - in
			if !e.coupled {
				forget = e.f[0](e.limited(p[2*u+i] + e.p[2*u+i]*cells[i]))
			}
			cells[i] = forget*cells[i] + in*e.f[1](e.limited(p[3*u+i]))
			h[i] = e.f[0](e.limited(p[u+i]+e.p[u+i]*cells[i])) * e.f[2](cells[i])
		}
	}
}
