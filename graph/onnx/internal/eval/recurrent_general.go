package eval

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

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

// general computes a recurrence of any form, in float64.
func (n *recurrence) general() []*Tensor {
	c, u := n.call, n.units
	y := n.made(proto.Float64, n.steps, n.directions, n.batch, u)
	lastH, lastC := n.made(proto.Float64, n.directions, n.batch, u), n.made(proto.Float64, n.directions, n.batch, u)
	biases, starts := n.part(3, 2, n.gates*u).Doubles(), n.state(5).Doubles()
	var peepholes, cells []float64
	if n.gates == 4 {
		peepholes, cells = n.part(7, 3, u).Doubles(), n.state(6).Doubles()
	}
	for d := range n.directions {
		w := c.in(1)
		wd := &Tensor{[]int{n.gates * u, n.features}, w.data.slice(d*n.gates*u*n.features, (d+1)*n.gates*u*n.features)}
		xw := c.matMul(n.x.reshaped(n.steps*n.batch, n.features), c.permuted(wd, []int{1, 0})).Doubles()
		of := func(v []float64) []float64 { return v[d*len(v)/n.directions:][:len(v)/n.directions] }
		bias := of(biases)
		e := &cell{c: c, gates: n.gates, units: u, r: part2(c.in(2), d), bias: bias[:n.gates*u], rbias: bias[n.gates*u:], clip: c.float("clip", 0), apart: c.flag("linear_before_reset"), coupled: c.flag("input_forget")}
		e.h = slices.Clone(of(starts))
		if n.gates == 4 {
			e.cells, e.p = slices.Clone(of(cells)), of(peepholes)
		}
		e.setFunctions(d, n.directions)
		e.run(xw, y.data.(list[float64]), n.lengths, n.steps, d, n.directions, n.back(d))
		copy(lastH.data.(list[float64])[d*n.batch*u:], e.h)
		copy(lastC.data.(list[float64])[d*n.batch*u:], e.cells)
	}
	return []*Tensor{y.as(n.x.Type()), lastH.as(n.x.Type()), lastC.as(n.x.Type())}
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
