package ops

import (
	"fmt"
	"strings"
	"sync"

	"github.com/nndiy/nndiy/internal/kernels"
)

// block is the number of elements that a chain computes at a time; a few blocks fit in the first-level cache.
const block = 1024

// perWorker is the number of elements of an element-wise op for which one more worker pays.
const perWorker = 16 * block

// A Chain applies element-wise functions one after the other in one pass over memory. Lower makes it from Maps that feed each
// other. Values are numbered: the inputs first, then the result of each link.
type Chain struct {
	Inputs int
	Links  []Link
}

// A Link is one function of a Chain and the numbers of its arguments.
type Link struct {
	Map
	Args [2]int
}

func single(m Map) Chain {
	return Chain{Inputs: m.Code.Arity(), Links: []Link{{Map: m, Args: [2]int{0, m.Code.Arity() - 1}}}}
}

// String implements Def.
func (c Chain) String() string {
	var b strings.Builder
	for i, l := range c.Links {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%d = %s %v", c.Inputs+i, l.Map, l.Args[:l.Code.Arity()])
	}
	return b.String()
}

// Infer implements Def. Lower makes a Chain after shapes are known.
func (c Chain) Infer([][]int) ([]int, error) { return nil, fmt.Errorf("a Chain is made by Lower only") }

// Diff implements Def. Lower makes a Chain after derivatives.
func (c Chain) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (c Chain) Bind(o *Op) Kernel {
	return Kernel{F32: bindChain[float32](c, o), F64: bindChain[float64](c, o)}
}

func bindChain[T kernels.Float](c Chain, o *Op) func(out []T, in [][]T) {
	layouts := make([]layout, c.Inputs)
	for i := range layouts {
		layouts[i] = newLayout(o.InShape(i), o.Shape)
	}
	return bindLayouts[T](c, o, layouts)
}

// bindLayouts is bindChain for inputs of the given layouts.
func bindLayouts[T kernels.Float](c Chain, o *Op, layouts []layout) func(out []T, in [][]T) {
	return inPieces(o, o.size, perWorker, layoutPieces[T](c, o.size, layouts))
}

// layoutPieces returns the function that computes elements lo to hi of an output of the given size.
func layoutPieces[T kernels.Float](c Chain, size int, layouts []layout) func(out []T, in [][]T, lo, hi int) {
	temps := 0 // one scratch block for each input that must be loaded, and for each link except the last
	slot := make([]int, c.Inputs+len(c.Links))
	allFull := true
	for i := range layouts {
		if !layouts[i].full() {
			slot[i], temps, allFull = temps, temps+1, false
		}
	}
	for i := range c.Links[:len(c.Links)-1] {
		slot[c.Inputs+i], temps = temps, temps+1
	}
	fns := make([]func(dst, a, b []T), len(c.Links))
	for i, l := range c.Links {
		fns[i] = function[T](l.Map)
	}
	if len(c.Links) == 1 && allFull {
		f, l := fns[0], c.Links[0]
		first, second := l.Args[0], l.Args[0]
		if l.Code.Arity() == 2 {
			second = l.Args[1]
		}
		return func(out []T, in [][]T, lo, hi int) { f(out[lo:hi], in[first][lo:hi], in[second][lo:hi]) }
	}
	if n := runLength(layouts, size); n > 0 {
		return newRunChain[T](c, layouts, n).pieces()
	}
	if l := layouts[0]; len(c.Links) == 1 && c.Links[0].Code == Copy {
		return func(out []T, in [][]T, lo, hi int) { load(l, out[lo:hi], in[0], lo) }
	}
	scratch := sync.Pool{New: func() any { return newChainScratch[T](temps, len(slot)) }}
	return func(out []T, in [][]T, lo, hi int) {
		s := scratch.Get().(*chainScratch[T])
		for at := lo; at < hi; at += block {
			n := min(block, hi-at)
			for i, l := range layouts {
				if l.full() {
					s.values[i] = in[i][at : at+n]
					continue
				}
				s.values[i] = s.memory[slot[i]*block:][:n]
				if at == lo || !l.scalar() {
					load(l, s.memory[slot[i]*block:][:min(block, hi-at)], in[i], at)
				}
			}
			for i, l := range c.Links {
				dst := out[at : at+n]
				if i < len(c.Links)-1 {
					dst = s.memory[slot[c.Inputs+i]*block:][:n]
				}
				fns[i](dst, s.values[l.Args[0]], s.values[l.Args[1]])
				s.values[c.Inputs+i] = dst
			}
		}
		clear(s.values)
		scratch.Put(s)
	}
}

// chainScratch is one worker's memory for a chain.
type chainScratch[T kernels.Float] struct {
	memory []T
	values [][]T
}

// newChainScratch pads values, so that no two workers write to the same cache line.
func newChainScratch[T kernels.Float](blocks, values int) *chainScratch[T] {
	const line = 128 / 24 // slices in two cache lines
	return &chainScratch[T]{memory: make([]T, blocks*block), values: make([][]T, values+2*line)[line : line+values]}
}
