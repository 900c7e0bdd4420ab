package ops

import "slices"

// apply returns the batch's stride in an op's output, given that in each operand; 0 stands for an operand that does not depend
// on the rows. ok is false if rows meet, or if nothing is known.
func (a *rowAnalysis) apply(o *Op, strides []int) (out int, ok bool) {
	var place func(i, d int) (int, bool) // of dimension d of operand i in the output
	same := func(_, d int) (int, bool) { return d, true }
	except := func(axis int) func(i, d int) (int, bool) { return func(_, d int) (int, bool) { return d, d != axis } }
	first := func(dims int) func(i, d int) (int, bool) { return func(_, d int) (int, bool) { return d, d < dims } }
	switch d := o.Def.(type) {
	case Reshape:
		return strides[0], true
	case Map, Broadcast:
		return a.elementwise(o, strides)
	case Stop:
		place = same
	case Softmax:
		place = except(d.Axis(len(o.Shape)))
	case Slice:
		return a.pieces(o, strides, d.Axis, d.From, d.To)
	case Pad:
		return a.pieces(o, strides, d.Axis, d.Before, d.After)
	case Concat:
		return a.pieces(o, strides, d.Axis)
	case Reverse:
		place = except(d.Axis)
	case Arg:
		place = except(d.Axis)
	case Order:
		place = except(d.Axis)
	case GatherElements:
		place = except(d.Axis)
	case ScatterElements:
		place = except(d.Axis)
	case CumSum:
		place = except(d.Axis)
	case Recurrence:
		place = except(d.Axis)
	case Trilu:
		place = first(len(o.Shape) - 2)
	case Resample:
		place = except(d.Axis)
	case Pool:
		place = first(2)
	case Reduce:
		place = func(_, axis int) (int, bool) { return axis, axis < d.From || axis >= d.To }
	case Transpose:
		perm := Decode(d.Perm)
		place = func(_, axis int) (int, bool) { return slices.Index(perm, axis), true }
	case Warp:
		place = first(1)
	case Conv:
		if d.Part == ConvWeights || strides[1] > 0 {
			return 0, false
		}
		place = first(1)
		return a.placed(o, strides[:1], place)
	case OneHot:
		return strides[0] * d.Classes, true
	case Steps:
		return strides[0] * d.Time, true
	case Gather:
		return strides[1] * o.Shape[len(o.Shape)-1], strides[0] == 0
	case MatMul:
		place = d.place(len(o.Shape))
	case Distances: // as a·bᵀ
		place = MatMul{TB: true}.place(len(o.Shape))
	case Moments:
		return a.moments(d, o, strides[0])
	case Attend:
		return a.attend(d, o, strides)
	case Attention: // its first input only holds it
		if slices.Max(strides[1:]) == 0 {
			return 0, false
		}
		return a.placed(&Op{In: o.In[1:], Shape: o.Shape}, strides[1:], first(1))
	case AttentionGrad:
		if place = first(1); d.Sources > 1 {
			return 0, false
		}
		n := len(o.In) - 2
		return a.placed(&Op{In: append(slices.Clone(o.In[:n]), o.In[n+1]), Shape: o.Shape}, append(slices.Clone(strides[:n]), strides[n+1]), place)
	default:
		return 0, false
	}
	return a.placed(o, strides, place)
}

// placed is apply for an op that keeps dimensions: place says where a dimension of an operand is in the output; ok is false for
// one that the op mixes. Operands that do not depend on the rows are constant along the batch, if they have its dimension.
func (a *rowAnalysis) placed(o *Op, strides []int, place func(i, d int) (int, bool)) (out int, ok bool) {
	where, inside := -1, 0
	for i, s := range strides {
		if s == 0 {
			continue
		}
		d, in, ok := a.axis(o.InShape(i), s)
		if !ok {
			return 0, false
		}
		e, ok := place(i, d)
		if !ok || where >= 0 && (e != where || in != inside) || (o.Shape[e]-o.InShape(i)[d])%(in*a.batch) != 0 {
			return 0, false
		}
		where, inside = e, in
	}
	for i, s := range strides {
		if s > 0 {
			continue
		}
		for d, n := range o.InShape(i) {
			if e, ok := place(i, d); ok && e == where && n > 1 && !a.repeats(o.In[i], at(o.InShape(i), d, inside)) {
				return 0, false
			}
		}
	}
	return at(o.Shape, where, inside), true
}

// pieces is apply for ops that cut or join an axis, at the given places. If the axis has the batch, they keep rows apart if each
// piece has all rows, as those of the time steps of a sequence whose time comes before the batch.
func (a *rowAnalysis) pieces(o *Op, strides []int, axis int, cuts ...int) (out int, ok bool) {
	return a.placed(o, strides, func(i, d int) (int, bool) {
		if d != axis || strides[i] == 0 {
			return d, true
		}
		_, inside, _ := a.axis(o.InShape(i), strides[i])
		whole := func(n int) bool { return n%(inside*a.batch) == 0 }
		return d, whole(o.InShape(i)[d]) && !slices.ContainsFunc(cuts, func(n int) bool { return !whole(n) })
	})
}

// elementwise is apply for operands that are broadcast to the output.
func (a *rowAnalysis) elementwise(o *Op, strides []int) (out int, ok bool) {
	place := func(i, d int) (int, bool) { return d + len(o.Shape) - len(o.InShape(i)), true }
	if out, ok := a.placed(o, strides, place); ok {
		return out, true
	}
	// The batch may lie across dimensions where nothing is broadcast.
	for i, s := range strides {
		switch {
		case !slices.Equal(o.InShape(i), o.Shape), s == 0 && !a.repeats(o.In[i], slices.Max(strides)), s > 0 && out > 0 && s != out:
			return 0, false
		case s > 0:
			out = s
		}
	}
	return out, true
}

// place returns where the dimensions of the factors are in a product; those that it sums over are nowhere.
func (m MatMul) place(rank int) func(i, d int) (int, bool) {
	return func(i, d int) (int, bool) {
		transposed := m.TA
		kept := rank - 2 // rows of the first factor, columns of the second one
		if i == 1 {
			transposed, kept = m.TB, rank-1
		}
		own := kept
		if transposed {
			own = rank - 1 + rank - 2 - kept
		}
		if d == own {
			return kept, true
		}
		return d, d < rank-2
	}
}

// moments is apply for statistics of groups: the batch is among the numbers of the groups.
func (a *rowAnalysis) moments(m Moments, o *Op, stride int) (out int, ok bool) {
	d, inside, ok := a.axis(o.InShape(0), stride)
	if !ok || d < m.From || d >= m.To {
		return 0, false
	}
	return at(o.InShape(0)[:m.To], d, inside), true
}

// attend is apply for attention, whose noise is drawn for each row. The stride in the output says nothing: only Attention reads it.
func (a *rowAnalysis) attend(d Attend, o *Op, strides []int) (out int, ok bool) {
	batch := o.InShape(0)[0]
	out, ok = a.placed(&Op{In: o.In, Shape: []int{batch, o.Shape[0] / batch}}, strides, func(_, d int) (int, bool) { return d, d < 1 })
	if ok && d.Keep > 0 {
		if ok = batch == a.batch; ok {
			a.noise[d.Key] = true
		}
	}
	return out, ok
}
