package eval

import "slices"

func init() {
	register(map[string]operator{
		"If":   {least: 1, most: 1, attributes: "then_branch else_branch", raw: true, run: branch},
		"Loop": {least: 2, most: many, attributes: "body", raw: true, run: loop},
		"Scan": {least: 1, most: many, attributes: "body num_scan_inputs directions scan_input_axes scan_input_directions scan_output_axes scan_output_directions", raw: true, run: scan},
	})
}

// truth returns the only element of a tensor of bools.
func (c *call) truth(t *Tensor) bool {
	l := c.bools(t)
	c.want(len(l) == 1, "got a condition of shape %v, want one element", t.Shape)
	return l[0]
}

func branch(c *call) []*Tensor {
	yes, no := c.body("then_branch"), c.body("else_branch")
	if c.truth(c.in(0)) {
		return c.call(yes)
	}
	return c.call(no)
}

// collected joins the values of the steps of a loop along a new axis.
func (c *call) collected(steps []*Tensor, axis int, reverse bool) *Tensor {
	list := make([]*Tensor, len(steps))
	for i, t := range steps {
		a := c.axis(axis, len(t.Shape)+1)
		list[i] = t.reshaped(slices.Insert(slices.Clone(t.Shape), a, 1)...)
	}
	if reverse {
		slices.Reverse(list)
	}
	return c.joined(list, c.axis(axis, len(list[0].Shape)))
}

// loop runs its body until the condition is false or the number of steps is reached.
func loop(c *call) []*Tensor {
	body, most, on := c.body("body"), int64(-1), true
	if c.opt(0) != nil {
		n := c.ints64(0)
		c.want(len(n) == 1, "input 1: got %d elements, want 1", len(n))
		most = max(n[0], 0)
	}
	cond := scalar(true)
	if c.opt(1) != nil {
		cond = c.in(1)
		on = c.truth(cond)
	}
	states := c.states(2)
	k := len(states)
	c.want(len(body.inputs) == k+2 && len(body.outputs) > k, "got a body of %d inputs and %d outputs for %d states", len(body.inputs), len(body.outputs), k)
	found := make([][]*Tensor, len(body.outputs)-1-k)
	for i := int64(0); on && i != most; i++ {
		out := c.call(body, append([]*Tensor{scalar(i), cond}, states...)...)
		cond, states = out[0], out[1:1+k]
		on = c.truth(cond)
		for j, t := range out[1+k:] {
			c.reserve(t.bytes())
			found[j] = append(found[j], t)
		}
	}
	all := slices.Clone(states)
	for j, steps := range found {
		if len(steps) == 0 {
			all = append(all, c.none(body, 1+k+j))
		} else {
			all = append(all, c.collected(steps, 0, false))
		}
	}
	return all
}

// none returns the empty tensor of an output of a loop without steps, whose type and shape the body declares.
func (c *call) none(body *graph, i int) *Tensor {
	v := body.declared[i]
	c.want(blanks[v.Type] != nil, "got no steps and an output of no declared type, want one")
	shape := []int{0}
	for _, d := range v.Dims {
		shape = append(shape, clamp(d.Size))
	}
	return c.made(v.Type, shape...)
}

// states returns the inputs from the given one on.
func (c *call) states(from int) []*Tensor {
	var list []*Tensor
	for i := from; i < len(c.inputs); i++ {
		list = append(list, c.in(i))
	}
	return list
}

// scan runs its body for each element along an axis of the scanned inputs.
func scan(c *call) []*Tensor {
	body, n := c.body("body"), c.int("num_scan_inputs", 0)
	if c.opset < 9 {
		return oldScan(c, body, n)
	}
	return c.scan(body, c.states(0), n)
}

func (c *call) scan(body *graph, inputs []*Tensor, n int) []*Tensor {
	k := len(inputs) - n
	c.want(n > 0 && k >= 0 && len(body.inputs) == n+k && len(body.outputs) >= k, "got %d scanned inputs of %d, want 1 or more", n, len(inputs))
	states, scanned := inputs[:k], slices.Clone(inputs[k:])
	setting := func(name string, i, of int) int {
		list := c.ints(name)
		c.want(list == nil || len(list) == of, "attribute %s: got %d numbers, want %d", name, len(list), of)
		if list == nil {
			return 0
		}
		return list[i]
	}
	directions := "scan_input_directions"
	if c.opset < 9 {
		directions = "directions"
	}
	steps := -1
	axes := make([]int, n)
	for i, t := range scanned {
		axes[i] = c.axis(setting("scan_input_axes", i, n), len(t.Shape))
		c.want(steps < 0 || steps == t.Shape[axes[i]], "got %d and %d steps, want equal numbers", steps, t.Shape[axes[i]])
		steps = t.Shape[axes[i]]
	}
	found := make([][]*Tensor, len(body.outputs)-k)
	for s := range steps {
		args := slices.Clone(states)
		for i, t := range scanned {
			at := s
			if setting(directions, i, n) != 0 {
				at = steps - 1 - s
			}
			args = append(args, c.part(t, axes[i], at, at+1).reshaped(slices.Delete(slices.Clone(t.Shape), axes[i], axes[i]+1)...))
		}
		out := c.call(body, args...)
		states = out[:k]
		for j, t := range out[k:] {
			c.reserve(t.bytes())
			found[j] = append(found[j], t)
		}
	}
	all := slices.Clone(states)
	for j, list := range found {
		if steps == 0 {
			all = append(all, c.none(body, k+j))
			continue
		}
		all = append(all, c.collected(list, setting("scan_output_axes", j, len(found)), setting("scan_output_directions", j, len(found)) != 0))
	}
	return all
}

// oldScan is Scan of opset 8: it has a batch in front, and optional lengths of the sequences as the first input.
func oldScan(c *call, body *graph, n int) []*Tensor {
	inputs := c.states(1)
	c.want(len(inputs) >= n && n > 0, "got %d scanned inputs of %d, want 1 or more", n, len(inputs))
	c.want(c.opt(0) == nil, "input 1: got lengths of sequences, want none")
	var rows [][]*Tensor
	for b := range inputs[0].Shape[0] {
		var row []*Tensor
		for _, t := range inputs {
			c.want(len(t.Shape) > 0 && b < t.Shape[0], "got shape %v, want a batch in front", t.Shape)
			row = append(row, c.part(t, 0, b, b+1).reshaped(t.Shape[1:]...))
		}
		rows = append(rows, c.scan(body, row, n))
	}
	c.want(len(rows) > 0, "got an empty batch, want at least one sequence")
	out := make([]*Tensor, len(rows[0]))
	for i := range out {
		var list []*Tensor
		for _, row := range rows {
			list = append(list, row[i])
		}
		out[i] = c.collected(list, 0, false)
	}
	return out
}
