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

// A recurrence is a recurrent node and its inputs. x is (steps, batch, features), weights are (directions, gates·units, ...).
type recurrence struct {
	*call
	x                           *Tensor
	gates, steps, batch         int
	features, units, directions int
	lengths                     []int // of the sequences
	layout                      bool  // the states are (batch, directions, units)
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
	c.spend(product(directions, steps, batch, gates*units, features+units))
	n := &recurrence{c, x, gates, steps, batch, features, units, directions, lengths, layout}
	var out []*Tensor
	switch {
	case !n.usual():
		out = n.general()
	case x.Type() == proto.Float32:
		out = quickly[float32](n)
	default:
		out = quickly[float64](n)
	}
	if layout {
		out[0] = c.permuted(out[0], []int{2, 0, 1, 3})
		out[1], out[2] = c.permuted(out[1], []int{1, 0, 2}), c.permuted(out[2], []int{1, 0, 2})
	}
	if gates != 4 {
		out = out[:2]
	}
	return out
}

// part returns input i, of a shape for each direction; zeros if it is omitted.
func (n *recurrence) part(i int, shape ...int) *Tensor {
	shape = append([]int{n.directions}, shape...)
	t := n.opt(i)
	if t == nil {
		return n.made(n.x.Type(), shape...)
	}
	n.want(t.Size() == sizeOf(shape), "input %d: got shape %v, want %d directions of %v", i+1, t.Shape, n.directions, shape[1:])
	return t
}

// state returns the states at the start, input i.
func (n *recurrence) state(i int) *Tensor {
	t := n.part(i, n.batch, n.units)
	if n.layout && n.opt(i) != nil {
		n.want(len(t.Shape) == 3, "input %d: got shape %v, want 3 dimensions", i+1, t.Shape)
		return n.permuted(t, []int{1, 0, 2})
	}
	return t
}

// back reports whether direction d runs from the end to the beginning.
func (n *recurrence) back(d int) bool {
	return d == 1 || strings.EqualFold(n.str("direction", "forward"), "reverse")
}
