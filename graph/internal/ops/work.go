package ops

import (
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Flops returns the arithmetic operations of one run of a lowered op: two for each product in a sum of products, one for each
// element of an element-wise function, whatever it costs, and for each element that a reduction reads; none for what moves
// elements. The ops of a loop that runs op by op have their own.
func (o *Op) Flops() float64 {
	out := float64(o.size)
	in := func(i int) float64 { return float64(tensors.Size(o.InShape(i))) }
	switch d := o.Def.(type) {
	case *Scan:
		flops, _ := o.loop.work()
		return flops
	case MatMul:
		return d.flops(o)
	case Distances: // a difference, a product and a sum
		return 3 * out * float64(o.InShape(0)[len(o.Shape)-1])
	case Affine:
		if d.Slopes { // half of the output
			return d.MatMul.flops(o)/2 + d.Epilogue.flops(out/2)
		}
		return d.MatMul.flops(o) + d.Epilogue.flops(out)
	case ProductSums:
		return 2*float64(o.InShape(0)[0])*out - in(1) // the sums have no products
	case Conv:
		return d.flops(o, o.InShape(0), o.InShape(1))
	case ConvAffine:
		return d.Conv.flops(o, o.InShape(0), o.InShape(1)) + d.Epilogue.flops(out)
	case ConvPair:
		return d.flops(o)
	case ConvPool:
		n := d.Conv.flops(o, o.InShape(0), o.InShape(1))
		inner := float64(tensors.Size(o.Shape[:2]) * d.Pool.Y.In * d.Pool.X.In)
		return n + d.Epilogue.flops(inner) + d.Pool.flops(out)
	case WeightsPooled:
		return d.Conv.flops(o, o.InShape(0), o.InShape(1)) + d.Pool.flops(in(2))
	case Pool:
		if d.Part == MaxPool || d.Part == MaxPoolPick || d.Part == AvgPool {
			return d.flops(out)
		}
		return d.flops(float64(tensors.Size(o.Shape[:2]) * d.Y.Out() * d.X.Out()))
	case Attend:
		return d.pairs(inShapes(o)) * float64(2*d.Size+2*d.ValueSize)
	case Attended:
		q, k := o.InShape(0), o.InShape(d.Sources-1)
		return float64(q[0]*d.Heads) * float64(q[1]) * float64(k[1]) * float64(2*d.Size+2*d.ValueSize)
	case AttentionGrad:
		return d.pairs(inShapes(o)) * float64(6*d.Size+4*d.ValueSize)
	case Chain:
		return d.flops(o)
	case NormalizeChain:
		return 3*out + d.After.flops(o)
	case Map:
		return out
	case Reduce:
		return in(0)
	case Softmax:
		return 4 * in(0) // the maximum, the difference, the exponential and its sum, the quotient
	case SoftmaxGrad:
		return 4 * out // a product and its sum, a difference, a product
	case Moments:
		return 4 * in(0)
	case Normalize:
		return 3 * out
	case GroupNorm:
		return d.flops(o, 3)
	case GroupNormGrad:
		return d.flops(o, 5)
	case Dots:
		return 4 * in(0)
	case CumSum, Scatter, ScatterElements, Random:
		return out
	case Recurrence:
		return 2 * out
	case Resample, Warp:
		return 2 * max(out, in(0))
	}
	return 0
}

// Bytes returns the bytes that one run of a lowered op reads and writes, each element of its inputs and its output once.
func (o *Op) Bytes() float64 {
	if o.loop != nil {
		_, bytes := o.loop.work()
		return bytes
	}
	if o.view {
		return 0
	}
	n := o.size
	for i := range o.In {
		n += o.reads(i)
	}
	return float64(n) * float64(o.DType.Size())
}

// reads returns the elements that the op reads of input i.
func (o *Op) reads(i int) int {
	switch o.Def.(type) {
	case Gather, GatherElements, Slice: // they read what they write
		if i == 0 {
			return o.size
		}
	}
	return tensors.Size(o.InShape(i))
}

// Traffic returns Bytes in two parts: of values that depend on the program's inputs, and of inputs that depend on parameters alone. An
// op that depends on parameters alone has none, since it does not run each time.
func (o *Op) Traffic() (values, weights float64) {
	if o.settled || o.view {
		return 0, 0
	}
	weights = float64(o.weights) * float64(o.DType.Size())
	return max(0, o.Bytes()-weights), weights
}

// flops returns two for each product of an input element and a weight. All parts of a convolution have as many.
func (c Conv) flops(o *Op, a, b []int) float64 {
	s, err := c.shape([][]int{a, b})
	if err != nil {
		return 0
	}
	outputs := float64(s.Batch) * float64(s.Out) * float64(s.Y.Out()*s.X.Out())
	return 2 * outputs * float64(s.In/s.Groups) * float64(s.Y.Kernel*s.X.Kernel)
}

// flops returns one for each element of each of the windows.
func (p Pool) flops(windows float64) float64 {
	elements := func(w kernels.PoolWindow) float64 {
		if w.Bins > 0 {
			return float64(w.In) / float64(w.Bins)
		}
		return float64(w.Kernel)
	}
	return windows * elements(p.Y) * elements(p.X)
}

// pairs returns the pairs of a query and a key that it sees, of all heads.
func (a Attend) pairs(in [][]int) float64 {
	batch, queries, keys := a.sizes(in)
	n := queries * keys
	if a.Causal {
		n = 0
		for i := range queries {
			n += min(max(i+a.Offset+1, 0), keys)
		}
	}
	return float64(batch*a.Heads) * float64(n)
}

func (c Chain) flops(o *Op) float64 {
	n := 0
	for _, l := range c.Links {
		if l.Code != Copy {
			n++
		}
	}
	return float64(n) * float64(o.size)
}

// flops returns those of the elements, each of which has a number of them, of the functions that follow, and of the sums.
func (d GroupNorm) flops(o *Op, each float64) float64 {
	if d.fills {
		each += 4
	}
	return each*float64(o.size) + d.after.flops(o)
}

// work implements loop.
func (r *opLoop[T]) work() (flops, bytes float64) { return 0, 0 }

// work implements loop.
func (l *rowLoop[T]) work() (flops, bytes float64) {
	elements, products, links := 0, 0, 0
	for _, p := range l.phases {
		for _, m := range p.products {
			products += l.rows * m.rows * m.cols
			elements += l.rows*(m.a.width+m.dst.width) + m.rows*m.cols
		}
		for _, k := range p.links {
			elements += l.rows * (k.dst.width + k.a.width)
			if k.code.Arity() == 2 {
				elements += l.rows * k.b.width
			}
			if k.code != Copy {
				links += l.rows * k.dst.width
			}
		}
	}
	steps := float64(l.Steps)
	return steps * float64(2*products+links), steps * float64(elements) * float64(l.dtype().Size())
}
