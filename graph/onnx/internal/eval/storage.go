package eval

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unsafe"
)

// Spoil is set by tests: elements become NaN when they are given back to be used again, and a node that shares elements although its
// operator is marked as one that does not is a panic.
var Spoil bool

var nan = float32(math.NaN())

// A sharing says which inputs an operator's outputs may share elements with.
type sharing uint8

const (
	sharesAll   sharing = iota // any of them, and what its nested graphs use
	sharesFirst                // the first one
	sharesNone                 // none: the outputs are new, and nothing else holds elements of the inputs after the node
)

// sharings has the operators whose outputs share elements with the first input only, or with none.
var sharings = map[sharing][]string{
	sharesFirst: strings.Fields("Cast CastLike DepthToSpace Dropout Expand Flatten Identity Reshape Resize SpaceToDepth Squeeze Transpose Unsqueeze Upsample"),
	sharesNone: strings.Fields("Abs Add AveragePool BatchNormalization Ceil Celu Clip Concat Conv ConvTranspose Cos CumSum Div Elu Equal Erf Exp " +
		"Floor GRU Gather GatherElements Gelu Gemm GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GroupNormalization HardSigmoid HardSwish " +
		"InstanceNormalization LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax LpPool MatMul Max MaxPool Mean Min Mish Mul Neg PRelu Pad " +
		"Pow RNN Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Round " +
		"Selu Shape Shrink Sigmoid Sign Sin Size Slice Softmax Softplus Softsign Split Sqrt Sub Sum Tan Tanh ThresholdedRelu Tile Where"),
}

// setSpent finds after which node the elements of each value can be used again. Values that may share elements form a group; its
// elements are spent when none of them is used any more. Groups with constants, inputs, outputs or values of other graphs are left out.
func (g *graph) setSpent() {
	group, kept := make([]int, len(g.initial)), make([]bool, len(g.initial))
	for slot, t := range g.initial {
		group[slot], kept[slot] = slot, t != nil
	}
	find := func(slot int) int {
		for group[slot] != slot {
			slot = group[slot]
		}
		return slot
	}
	for _, slot := range g.inputs {
		kept[slot] = true
	}
	for _, r := range g.outputs {
		if r.up == 0 {
			kept[r.slot] = true
		}
	}
	for i := range g.nodes {
		n := g.nodes[i]
		for _, slot := range n.out {
			if slot < 0 {
				continue
			}
			kept[slot] = kept[slot] || n.fixed
			for _, r := range n.sharing() {
				switch {
				case r.slot < 0:
				case r.up > 0:
					kept[slot] = true
				default:
					a, b := find(r.slot), find(slot)
					group[b] = a
				}
			}
		}
	}
	for slot := range kept {
		if kept[slot] {
			kept[find(slot)] = true
		}
	}
	last := map[int]int{} // of a group: the node that uses it last
	for i := range g.nodes {
		for _, slot := range g.nodes[i].last {
			last[find(slot)] = i
		}
	}
	for i := range g.nodes {
		n := g.nodes[i]
		for _, slot := range n.out {
			if slot < 0 || n.shares != sharesNone {
				continue
			}
			if root := find(slot); !kept[root] {
				end := g.nodes[last[root]]
				n.owned, end.spent = append(n.owned, slot), append(end.spent, slot)
			}
		}
	}
}

// sharing returns the values that the outputs of the node may share elements with.
func (n *node) sharing() []ref {
	switch n.shares {
	case sharesNone:
		return nil
	case sharesFirst:
		return n.in[:min(1, len(n.in))]
	}
	return slices.Concat(n.in, n.captures)
}

// hold lets the frame use elements again.
func (f *frame) hold() { f.held = make([]list[float32], len(f.values)) }

// keep notes the elements of a node's outputs, which can be used again when they are spent.
func (f *frame) keep(n *node) {
	if f.held == nil {
		return
	}
	for _, slot := range n.owned {
		if v := f.values[slot]; v != nil { // nil if the operator does not compute the output
			if l, ok := v.data.(list[float32]); ok {
				f.held[slot] = l
			}
		}
	}
}

// free gives back what is spent after a node.
func (f *frame) free(n *node) {
	if f.held == nil {
		return
	}
	for _, slot := range n.spent {
		f.memory.give(f.held[slot])
		f.held[slot] = nil
	}
}

// checkShares panics if the outputs of a node share elements with inputs that they must not share.
func checkShares(n *node, in, out []*Tensor) {
	first := 0
	switch n.shares {
	case sharesFirst:
		first = 1
	case sharesAll:
		first = len(in)
	}
	for i, y := range out {
		for k := first; k < len(in); k++ {
			if overlap(in[k], y) && (first == 0 || !overlap(in[k], in[0])) {
				panic(fmt.Sprintf("%s: output %d and input %d share elements", place(n.Node), i+1, k+1))
			}
		}
	}
}

// overlap reports whether two tensors of float32 have elements in common.
func overlap(a, b *Tensor) bool {
	if a == nil || b == nil {
		return false
	}
	x, one := a.data.(list[float32])
	y, two := b.data.(list[float32])
	if !one || !two || len(x) == 0 || len(y) == 0 {
		return false
	}
	begin := func(l list[float32]) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(l))) }
	return begin(x) < begin(y)+4*uintptr(len(y)) && begin(y) < begin(x)+4*uintptr(len(x))
}
