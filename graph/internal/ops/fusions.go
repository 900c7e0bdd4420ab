package ops

import "slices"

// A fusion is one op of the lowered graph that computes several nodes of the original one.
type fusion struct {
	def    Def
	in     []*Node // of the original graph
	inside []*Node // nodes that the op computes too; nothing else needs them
	where  string  // the layer of the product, if it computes one with what follows
}

// A matcher finds the fusions of one kind: match returns the fusion whose output is node n, nil if there is none.
type matcher struct {
	name  string
	match func(l *lowering, n *Node) *fusion
}

// matchers are all fusions. Each node gets the first one that matches. Users are matched before their inputs, so a fusion
// that takes in another one (convPool and convPair an affine, weightsPooled a poolGrad) calls its matcher.
var matchers = []matcher{
	// MaxPool(act(conv(x, w) + bias)) → ConvPool: the convolution's output is not written.
	{"convPool", (*lowering).convPool},
	// act(conv(act(conv(x, w) + bias), v) + bias) → ConvPair: the first convolution's output is not written.
	{"convPair", (*lowering).convPair},
	// ConvWeights(x, MaxPoolGrad(y, grad)), or with a poolGrad → WeightsPooled: the pooling's gradient is not written.
	{"weightsPooled", (*lowering).weightsPooled},
	// softmax(c·Q·Kᵀ)·V of several heads → Attended: neither scores nor weights are written.
	{"attention", (*lowering).attention},
	// (x - mean(x))/√(variance(x) + ε)·weight + bias → RowNorm: one pass over memory.
	{"rowNorm", (*lowering).rowNorm},
	// act(A·B + bias), A·B + bias, act(A·B), (A·B)·act', (A·B)·x, A·B + bias + x → Affine; with a convolution for A·B and without x →
	// ConvAffine.
	{"affine", (*lowering).affine},
	// ReLUGrad(MaxPoolGrad(y, grad), y) → Pool with ReLU set.
	{"poolGrad", (*lowering).poolGrad},
	// y·(g - Σ g·y), g - exp(y)·Σ g with a Softmax y of columns → SoftmaxGrad: one pass over memory.
	{"softmaxGrad", (*lowering).softmaxGrad},
	// f(Normalize(x), y), f(Reshape(Normalize(x)), y), f element-wise → NormalizeChain, or a GroupNorm: one pass over memory.
	{"normalized", (*lowering).normalized},
	// f(g(x), h(y, z)), element-wise → Chain: one pass over memory.
	{"chain", (*lowering).chain},
	// Pad(Pad(x)), Slice(Slice(x)) → Frame: one pass over memory.
	{"framed", (*lowering).framed},
	// Reshape(Sum(x)), Reshape(Max(x)) → the reduction, with the reshaped output.
	{"reshaped", (*lowering).reshaped},
}

// fuse finds the fusions of the given nodes, which come inputs before outputs.
func (l *lowering) fuse(order []*Node) {
	for _, n := range order {
		if l.absorbed(n) && l.softmaxGrad(n) == nil {
			l.inside[n] = true
		}
	}
	l.findPairs(order)
	for _, n := range slices.Backward(order) {
		if Of(n) == nil || l.inside[n] || l.pairs[n] != nil {
			continue
		}
		for _, m := range matchers {
			if f := m.match(l, n); f != nil {
				l.fusions[n] = f
				for _, in := range f.inside {
					l.inside[in] = true
				}
				break
			}
		}
	}
}

// absorbed reports whether the users of n compute it themselves: n is element-wise, and so is its only user, of the same
// shape. A Broadcast may have any number of element-wise users, of any shape: they read its input instead.
func (l *lowering) absorbed(n *Node) bool {
	users := l.readers[n]
	if !isMap(n) || l.kept[n] || len(users) == 0 {
		return false
	}
	if _, repeat := Of(n).Def.(Broadcast); repeat {
		return !slices.ContainsFunc(users, func(u *Node) bool { return !isMap(u) })
	}
	return len(users) == 1 && isMap(users[0]) && l.settled[n] == l.settled[users[0]] && slices.Equal(Shape(users[0]), Shape(n))
}

// isMap reports whether a node is element-wise, so that a Chain can compute it.
func isMap(n *Node) bool {
	if o := Of(n); o != nil {
		switch o.Def.(type) {
		case Map, Broadcast:
			return true
		}
	}
	return false
}

// usedOnce reports whether n is an op with one user, and not an output: a fusion may compute it inside, in the same runs.
func (l *lowering) usedOnce(n *Node) bool {
	return Of(n) != nil && len(l.readers[n]) == 1 && !l.kept[n] && l.settled[n] == l.settled[l.readers[n][0]]
}

// source skips absorbed Broadcasts.
func (l *lowering) source(n *Node) *Node {
	for l.inside[n] {
		o := Of(n)
		if _, repeat := o.Def.(Broadcast); !repeat {
			break
		}
		n = o.In[0]
	}
	return n
}

// reshaped matches a Reshape of a reduction that nothing else uses.
func (l *lowering) reshaped(n *Node) *fusion {
	o := Of(n)
	if _, ok := o.Def.(Reshape); !ok || !l.usedOnce(o.In[0]) {
		return nil
	}
	r := Of(o.In[0])
	if _, ok := r.Def.(Reduce); !ok || l.pairs[o.In[0]] != nil {
		return nil
	}
	return &fusion{def: r.Def, in: r.In, inside: o.In}
}
