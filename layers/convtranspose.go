package layers

import "github.com/nndiy/nndiy/graph"

// ConvTranspose1D is a transposed convolution of signals, also called a deconvolution: each element of the input adds a copy
// of the kernel, multiplied by the element, to the output; the copies are Stride apart. (batch, channels, length) becomes
// (batch, Filters, (length-1)·Stride + Dilation·(Kernel-1) + 1 - padding + OutputPadding). Its parameters are weight,
// (channels, Filters/Groups, Kernel), and bias, (Filters).
type ConvTranspose1D struct {
	Filters       int     // number of output channels
	Kernel        int     // length of the kernel
	Stride        int     // 0 means 1
	Padding       Padding // cut off at the ends of the output: Valid (nothing), Pad, or Same for length·Stride elements
	OutputPadding int     // elements added at the end of the output, fewer than Stride
	Dilation      int     // distance between the kernel's elements; 0 means 1
	Groups        int     // groups of channels that are convolved separately; 0 means 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil means graph.Zeros
	KernelPenalty Penalty           // of weight, added to the loss
	BiasPenalty   Penalty           // of bias, added to the loss
}

// Emit implements graph.Layer.
func (c ConvTranspose1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: []int{c.Kernel}, stride: listOf(c.Stride), dilation: listOf(c.Dilation), padding: c.Padding},
	}.emitTransposed(s, x, 1, listOf(c.OutputPadding))
}

// ConvTranspose2D is ConvTranspose1D for images: (batch, channels, height, width) becomes (batch, Filters, rows, columns),
// with sizes as in ConvTranspose1D. Kernel, Stride, OutputPadding and Dilation hold one number for both dimensions, or one for the
// height and one for the width. Its parameters are weight, (channels, Filters/Groups, kernel height, kernel width), and bias,
// (Filters).
type ConvTranspose2D struct {
	Filters       int     // number of output channels
	Kernel        []int   // height and width of the kernel, or one number for both
	Stride        []int   // nil means 1
	Padding       Padding // cut off at the sides of the output: Valid (nothing), Pad, or Same for input size·Stride
	OutputPadding []int   // rows and columns added at the bottom and right, fewer than Stride; nil means 0
	Dilation      []int   // distance between the kernel's elements; nil means 1
	Groups        int     // groups of channels that are convolved separately; 0 means 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil means graph.Zeros
	KernelPenalty Penalty           // of weight, added to the loss
	BiasPenalty   Penalty           // of bias, added to the loss
}

// Emit implements graph.Layer.
func (c ConvTranspose2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: c.Kernel, stride: c.Stride, dilation: c.Dilation, padding: c.Padding},
	}.emitTransposed(s, x, 2, c.OutputPadding)
}

// emitTransposed applies the transposed convolution.
func (c convolution) emitTransposed(s *graph.Scope, x graph.Node, dims int, outputPadding []int) graph.Node {
	windows, x := c.transposedWindows(x, dims, outputPadding)
	if x = c.check(x); x.Err() != nil {
		return x
	}
	groups := max(c.groups, 1)
	return c.addBias(s, x.ConvTranspose(c.weight(s, x.Dim(1), c.filters/groups, windows), groups, windows...), dims)
}

// transposedWindows returns the windows of a transposed convolution.
func (c convolution) transposedWindows(x graph.Node, dims int, outputPadding []int) ([]graph.Window, graph.Node) {
	windows, x := c.steps(x, dims)
	extra, x := perDim(x, "OutputPadding", outputPadding, dims, 0, 0)
	if x.Err() != nil {
		return nil, x
	}
	for i := range windows {
		w := &windows[i]
		w.Extra = extra[i]
		full := (x.Dim(2+i)-1)*w.Stride + extentOf(*w)
		switch c.padding.mode {
		case padSame:
			surplus := full - x.Dim(2+i)*w.Stride
			w.Extra = max(0, -surplus)
			w.Before, w.After = max(0, surplus)/2, max(0, surplus)-max(0, surplus)/2
			if extra[i] > 0 {
				return nil, x.Errorf("OutputPadding: got %d with Padding Same, want 0", extra[i])
			}
		case padCausal:
			return nil, x.Errorf("Padding: got Causal, want Valid, Same or Pad")
		}
		switch {
		case w.Extra >= w.Stride:
			return nil, x.Errorf("OutputPadding: got %d, want less than the stride of %d", w.Extra, w.Stride)
		case full-w.Before-w.After+w.Extra < 1:
			return nil, x.Errorf("Padding: got %d and %d for an output of %d elements, want at least one left", w.Before, w.After, full)
		}
	}
	return windows, x
}
