package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

// product writes a matrix product: as Gemm if there is a bias or a matrix is transposed. bias is a value, "" for none.
func (w *writer) product(i int, bias string) stored {
	it := &w.items[i]
	d := it.op().Def.(ops.MatMul)
	a, b := it.in[0], it.in[1]
	if len(it.shape) > 2 {
		return stored{w.node("MatMul", []string{w.transposed(a, d.TA), w.transposed(b, d.TB)}), it.shape}
	}
	a, ta := w.untransposed(a, d.TA)
	b, tb := w.untransposed(b, d.TB)
	in := []string{w.value(a), w.value(b)}
	if bias == "" && !ta && !tb {
		return stored{w.node("MatMul", in), it.shape}
	}
	if bias != "" {
		in = append(in, bias)
	}
	var attributes []proto.Attribute
	if ta {
		attributes = append(attributes, intAttribute("transA", 1))
	}
	if tb {
		attributes = append(attributes, intAttribute("transB", 1))
	}
	return stored{w.node("Gemm", in, attributes...), it.shape}
}

// distances writes the norms of the differences of two lists of rows.
func (w *writer) distances(i int) stored {
	it := &w.items[i]
	rows := len(it.shape) - 2
	a := w.node("Unsqueeze", []string{w.value(it.in[0]), w.integers(rows + 1)})
	b := w.node("Unsqueeze", []string{w.value(it.in[1]), w.integers(rows)})
	d := w.node("Sub", []string{a, b})
	return stored{w.node("ReduceL2", []string{d}, intsAttribute("axes", rows+2), intAttribute("keepdims", 0)), it.shape}
}

// transposed returns the value of item i, with its last two dimensions exchanged if swap is set.
func (w *writer) transposed(i int, swap bool) string {
	v := w.value(i)
	if !swap {
		return v
	}
	perm := span(0, len(w.items[i].shape))
	slices.Reverse(perm[len(perm)-2:])
	return w.node("Transpose", []string{v}, intsAttribute("perm", perm...))
}

// untransposed skips transposes: it returns the matrix below them and whether the product must transpose it. swap says
// whether the product transposes item i.
func (w *writer) untransposed(i int, swap bool) (int, bool) {
	for o := w.items[i].op(); o != nil; o = w.items[i].op() {
		if _, ok := o.Def.(ops.Transpose); !ok { // a matrix's two dimensions are exchanged
			break
		}
		i, swap = w.items[i].in[0], !swap
	}
	return i, swap
}

// convolution writes Conv or ConvTranspose: in one dimension if the graph computes a signal as an image of height 1.
func (w *writer) convolution(i int, d ops.Conv, bias string) stored {
	it := &w.items[i]
	x, weights := it.in[0], it.in[1]
	name := "Conv"
	switch d.Part {
	case ops.ConvInput:
		name = "ConvTranspose"
	case ops.ConvWeights:
		return w.fail(i, "got the derivative of a convolution by its weights, which has no form in ONNX")
	}
	windows, flat := w.windows(x, d.Y, d.X)
	squeeze := func(s shape) shape {
		if flat {
			return slices.Delete(slices.Clone(s), 2, 3)
		}
		return s
	}
	in := []string{w.seen(x, squeeze(w.items[x].shape)), w.seen(weights, squeeze(w.items[weights].shape))}
	if bias != "" {
		in = append(in, bias)
	}
	if w.padsApart(i, windows) {
		in[0] = w.padSame(stored{in[0], squeeze(w.items[x].shape)}, windows, 0)
	}
	attributes := append([]proto.Attribute{intAttribute("group", d.Groups)}, w.sliding(i, windows)...)
	if d.Part == ops.ConvInput {
		var more []int // output elements that no window reaches
		for _, v := range windows {
			more = append(more, unreached(v))
		}
		for _, n := range it.nodes {
			for k, v := range windowsOf(ops.Of(n).Def)[2-len(windows):] {
				if unreached(v.Window) != more[k] {
					return w.fail(i, "got settings that depend on %s, want constants", w.varying())
				}
			}
		}
		attributes = append(attributes, intsAttribute("output_padding", more...))
	}
	return stored{w.node(name, in, attributes...), squeeze(it.shape)}
}

// unreached returns the number of elements at the end that no window reaches.
func unreached(v kernels.Window) int { return (v.In + v.Before + v.After - v.Extent()) % v.Stride }
