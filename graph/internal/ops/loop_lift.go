package ops

import "slices"

// lift takes out of the loop what depends on the sequences only and pays as one operation for all times: products, what leads
// to them, and element-wise functions of them; and the values to stack. Other element-wise functions stay inside, where they are
// fused with those of the states.
func (b *loopBuilder) lift() {
	can, wanted := map[*Node]bool{}, map[*Node]bool{}
	for _, n := range b.order {
		o := Of(n)
		if b.stacks[n] != nil {
			can[n] = true
		}
		if b.stacks[n] != nil || b.kinds[n] != timed || o == nil || !b.liftable(o) {
			continue
		}
		can[n] = !slices.ContainsFunc(o.In, func(in *Node) bool { return b.kinds[in] == timed && !can[in] })
		if !can[n] {
			continue
		}
		switch o.Def.(type) {
		case MatMul, Gather:
			wanted[n] = true
		case Map, Softmax, Stop, Reshape:
			wanted[n] = slices.ContainsFunc(o.In, func(in *Node) bool { return wanted[in] })
		}
		wanted[n] = wanted[n] || slices.Contains(b.Outs, n)
	}
	for _, n := range slices.Backward(b.order) {
		if wanted[n] && b.stacks[n] == nil {
			for _, in := range Of(n).In {
				wanted[in] = wanted[in] || b.kinds[in] == timed
			}
		}
	}
	defer func(where string) { b.g.Where = where }(b.g.Where)
	for _, n := range b.order {
		if wanted[n] && b.stacks[n] == nil {
			b.g.Where = Of(n).Where
			b.stacks[n] = b.liftOp(Of(n))
		}
	}
}

// liftable reports whether liftOp can make a timed op for all times at once.
func (b *loopBuilder) liftable(o *Op) bool {
	timed := func(i int) bool { return b.kinds[o.In[i]] == timed }
	switch d := o.Def.(type) {
	case Map, Slice, Pad, Concat, Reverse, Reduce, Softmax, Stop, OneHot, Transpose, Reshape, Broadcast:
		return true
	case MatMul:
		return timed(0) && (timed(1) || len(o.Shape) == 2 && !d.TA)
	case Gather:
		return !timed(0)
	}
	return false
}

// liftOp returns the values of a timed op at all times.
func (b *loopBuilder) liftOp(o *Op) *Node {
	g, rank := b.g, len(o.Shape)
	// operand returns operand i with time in front and then as many dimensions as the rank; a constant one has no time.
	operand := func(i, rank int) *Node {
		x := o.In[i]
		if b.stacks[x] == nil {
			return b.constant(x)
		}
		shape := append([]int{b.Steps}, slices.Repeat([]int{1}, max(0, rank-len(Shape(x))))...)
		return g.Reshaped(b.stacks[x], append(shape, Shape(x)...))
	}
	shape := append([]int{b.Steps}, o.Shape...)
	switch d := o.Def.(type) {
	case Map:
		in := make([]*Node, len(o.In))
		for i := range in {
			in[i] = operand(i, rank)
		}
		return g.Must(d, in...)
	case MatMul:
		x, w := operand(0, 0), operand(1, 0)
		if b.stacks[o.In[1]] != nil {
			return g.Must(d, x, w)
		}
		s := Shape(x)
		return g.Reshaped(g.Must(d, g.Reshaped(x, []int{s[0] * s[1], s[2]}), w), shape)
	case Slice:
		return g.Must(Slice{d.Axis + 1, d.From, d.To}, operand(0, 0))
	case Pad:
		return g.Must(Pad{d.Axis + 1, d.Before, d.After}, operand(0, 0))
	case Reverse:
		return g.Must(Reverse{d.Axis + 1}, operand(0, 0))
	case Reduce:
		return g.Must(Reduce{d.Max, d.From + 1, d.To + 1}, operand(0, 0))
	case Transpose:
		perm := []int{0}
		for _, p := range Decode(d.Perm) {
			perm = append(perm, p+1)
		}
		return g.Must(Transpose{Encode(perm)}, operand(0, 0))
	case Reshape:
		return g.Reshaped(operand(0, 0), shape)
	case Broadcast:
		return g.Must(Broadcast{Encode(shape)}, operand(0, rank))
	case Concat:
		in := make([]*Node, len(o.In))
		for i, x := range o.In {
			if in[i] = operand(i, 0); b.stacks[x] == nil {
				in[i] = g.Must(Broadcast{Encode(append([]int{b.Steps}, Shape(x)...))}, in[i])
			}
		}
		return g.Must(Concat{d.Axis + 1}, in...)
	case Gather:
		return g.Must(d, operand(0, 0), operand(1, 0))
	}
	return g.Must(o.Def, operand(0, 0)) // Softmax, Stop, OneHot
}
