package ops

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// groupBytes is how many bytes of each input the kernels work on at a time, if a group has less: so the second pass over them finds them
// in the first-level cache.
const groupBytes = 1 << 14

// aheadBytes bounds the size of a group for the second pass over it to prefetch the next group: with the output, both stay in the
// second-level cache.
const aheadBytes = 1 << 16

// Bind implements Def.
func (d GroupNorm) Bind(o *Op) Kernel {
	return Kernel{F32: bindGroupNorm[float32](d, o), F64: bindGroupNorm[float64](d, o)}
}

// Bind implements Def.
func (d GroupNormGrad) Bind(o *Op) Kernel {
	return Kernel{F32: bindGroupNormGrad[float32](d.GroupNorm, o), F64: bindGroupNormGrad[float64](d.GroupNorm, o)}
}

func bindGroupNorm[T kernels.Float](d GroupNorm, o *Op) func(out []T, in [][]T) {
	k := newGroupKernel[T](d, o, 4)
	k.sums = func(lo, hi int, next []T) {
		x, m := k.in[0], k.in[1]
		kernels.MomentsBefore(next, m[:k.groups], m[k.groups:], x, 1, k.groups, k.parts*k.run, lo, hi)
	}
	k.numbers = func(lo, hi int) {
		for g := lo; g < hi; g++ {
			k.scales(g, k.in[1], k.in[2])
		}
	}
	k.elements = func(c, lo, hi int) {
		kernels.Normalize(k.out[lo:hi], k.in[0][lo:hi], k.mean[c], k.scale[c], k.in[3][c])
	}
	k.runs = func(c, end, lo, hi, ahead int) {
		kernels.NormalizeRuns(k.out[lo:hi], k.in[0][lo:hi], k.mean[c:end], k.scale[c:end], k.in[3][c:end], k.run, ahead)
	}
	return k.call
}

func bindGroupNormGrad[T kernels.Float](d GroupNorm, o *Op) func(out []T, in [][]T) {
	k := newGroupKernel[T](d, o, 5)
	channels := k.groups * k.parts
	slope, shift := make([]T, channels), make([]T, channels)
	k.sums = func(lo, hi int, next []T) {
		for g := lo; g < hi; g++ {
			k.scales(g, k.in[2], k.in[3])
		}
		dots := k.in[4]
		kernels.DotsBefore(next, dots[:channels], dots[channels:], k.in[0], k.in[1], k.mean, 1, channels, k.run, lo*k.parts, hi*k.parts)
	}
	k.numbers = func(lo, hi int) {
		weight, dots, n := k.in[3], k.in[4], float64(k.parts*k.run)
		for g := lo; g < hi; g++ {
			r := float64(k.scales(g, k.in[2], weight))
			var sum, dot float64 // of the gradient by the normalized value, and of its products with x - mean
			for c := g * k.parts; c < (g+1)*k.parts; c++ {
				sum += float64(float64(dots[c]) * float64(weight[c]))
				dot += float64(float64(dots[channels+c]) * float64(weight[c]))
			}
			for c := g * k.parts; c < (g+1)*k.parts; c++ {
				slope[c], shift[c] = T(-dot*(r*r*r)/n), T(-sum*r/n)
			}
		}
	}
	k.elements = func(c, lo, hi int) {
		kernels.NormalGrad(k.out[lo:hi], k.in[0][lo:hi], k.in[1][lo:hi], k.scale[c], k.mean[c], slope[c], shift[c])
	}
	k.runs = func(c, end, lo, hi, ahead int) {
		kernels.NormalGradRuns(k.out[lo:hi], k.in[0][lo:hi], k.in[1][lo:hi], k.scale[c:end], k.mean[c:end], slope[c:end], shift[c:end], k.run, ahead)
	}
	return k.call
}

// A groupKernel works on the groups of a tensor one after the other: it computes the sums of a group, from these the numbers of its
// channels, and from these its elements. An op runs once at a time, so the kernel holds its slices.
type groupKernel[T kernels.Float] struct {
	o           *Op
	groups      int
	parts       int // channels of a group
	run         int // elements of a channel
	together    int // groups at a time
	ahead       int // how many elements further on the second pass prefetches
	epsilon     T
	fills       bool
	mean, scale []T // of each channel: the mean of its group, and 1/√(variance + epsilon)·weight

	sums     func(lo, hi int, next []T)      // of groups; it may prefetch their elements of next
	numbers  func(lo, hi int)                // of the channels of groups
	elements func(c, lo, hi int)             // which belong to channel c
	runs     func(c, end, lo, hi, ahead int) // all elements of channels c to end; it prefetches those ahead elements further on
	after    func(out []T, in [][]T, lo, hi int)

	out   []T
	in    [][]T
	later [][]T // the inputs of after

	whole, apart, second func(lo, hi int)
}

// newGroupKernel returns a kernel whose functions that follow read the inputs from the given one on.
func newGroupKernel[T kernels.Float](d GroupNorm, o *Op, inputs int) *groupKernel[T] {
	s := o.InShape(0)
	channels := tensors.Size(s[:d.Channels])
	k := &groupKernel[T]{o: o, groups: tensors.Size(s[:d.To]), run: tensors.Size(s[d.Channels:]), epsilon: T(d.Epsilon), fills: d.fills}
	k.parts = channels / max(k.groups, 1)
	k.together = max(1, groupBytes/(int(o.DType.Size())*k.parts*k.run))
	if n := k.together * k.parts * k.run; n*int(o.DType.Size()) <= aheadBytes {
		k.ahead = n
	}
	k.mean, k.scale = make([]T, channels), make([]T, channels)
	if len(d.after.Links) > 0 {
		k.later = make([][]T, d.after.Inputs)
		layouts := []layout{newLayout(s, s)}
		for i := inputs; i < len(o.In); i++ {
			if tensors.Size(o.InShape(i)) == 1 {
				layouts = append(layouts, newLayout(nil, s))
			} else {
				layouts = append(layouts, newLayout(s, s))
			}
		}
		k.after = layoutPieces[T](d.after, o.size, layouts)
	}
	k.whole = func(lo, hi int) {
		for ; lo < hi; lo += k.together {
			end := min(lo+k.together, hi)
			k.first(lo, end, k.out)
			k.normalize(lo*k.parts*k.run, end*k.parts*k.run, k.ahead)
		}
	}
	k.apart = func(lo, hi int) { k.first(lo, hi, k.in[0]) }
	k.second = func(lo, hi int) { k.normalize(lo, hi, 0) }
	return k
}

// call computes the output. Few groups are not enough for all workers, who then divide the elements.
func (k *groupKernel[T]) call(out []T, in [][]T) {
	k.out, k.in = out, in
	if k.after != nil {
		k.later[0] = out
		copy(k.later[1:], in[len(in)-len(k.later)+1:])
	}
	if p := k.o.env.Pool; k.groups >= 4*p.Workers() || p.Workers() == 1 {
		p.For(k.groups, grain(1, k.parts*k.run), k.whole)
	} else {
		p.For(k.groups, grain(1, k.parts*k.run), k.apart)
		p.For(len(out), perWorker, k.second)
	}
	clear(k.later)
	k.out, k.in = nil, nil
}

// first computes the numbers of groups. It may prefetch their elements of next.
func (k *groupKernel[T]) first(lo, hi int, next []T) {
	if k.fills {
		k.sums(lo, hi, next)
	}
	k.numbers(lo, hi)
}

// scales sets the means and scales of the channels of group g, and returns 1/√(variance + epsilon).
func (k *groupKernel[T]) scales(g int, moments, weight []T) T {
	r := 1 / T(math.Sqrt(float64(moments[k.groups+g]+k.epsilon)))
	for c := g * k.parts; c < (g+1)*k.parts; c++ {
		k.mean[c], k.scale[c] = moments[g], T(r*weight[c])
	}
	return r
}

// normalize sets elements lo to hi of the output, and prefetches those ahead elements further on.
func (k *groupKernel[T]) normalize(lo, hi, ahead int) {
	for at := lo; at < hi; {
		c := at / k.run
		if n := (hi - at) / k.run; at%k.run == 0 && n > 0 {
			k.runs(c, c+n, at, at+n*k.run, ahead)
			at += n * k.run
			continue
		}
		to := min(hi, (c+1)*k.run)
		k.elements(c, at, to)
		at = to
	}
	if k.after != nil {
		k.after(k.out, k.later, lo, hi)
	}
}
