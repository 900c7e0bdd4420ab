package layers

import "github.com/nndiy/nndiy/graph"

// ConvTranspose1D is a transposed convolution of signals, also called a deconvolution: each element of the input adds a copy
// of the kernel to the output, the copies Stride apart. (batch, channels, length) becomes (batch, Filters,
// (length-1)·Stride + Dilation·(Kernel-1) + 1 - padding + OutputPadding). Its parameters are weight, (channels,
// Filters/Groups, Kernel), and bias, (Filters).
type ConvTranspose1D struct {
	Filters       int
	Kernel        int
	Stride        int     // 0 is 1
	Padding       Padding // what the ends of the output lack: zero is nothing; or Pad, or Same for length·Stride elements
	OutputPadding int     // elements more at the end, fewer than Stride
	Dilation      int     // distance of the kernel's elements; 0 is 1
	Groups        int     // parts of the channels that don't mix; 0 is 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil is graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil is graph.Zeros
	KernelPenalty Penalty           // added to the training loss
	BiasPenalty   Penalty
}

// Emit implements graph.Layer.
func (c ConvTranspose1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: []int{c.Kernel}, stride: list(c.Stride), dilation: list(c.Dilation), padding: c.Padding},
	}.emitTransposed(s, x, 1, list(c.OutputPadding))
}

// ConvTranspose2D is ConvTranspose1D for images: (batch, channels, height, width) becomes (batch, Filters, ...). Of Kernel,
// Stride, OutputPadding and Dilation one number is for both dimensions, two are for the height and the width. Its parameters
// are weight, (channels, Filters/Groups, height, width of the kernel), and bias, (Filters).
type ConvTranspose2D struct {
	Filters       int
	Kernel        []int
	Stride        []int   // nil is 1
	Padding       Padding // what the sides of the output lack: zero is nothing; or Pad, or Same for the input's size times Stride
	OutputPadding []int   // elements more at the ends, fewer than Stride; nil is 0
	Dilation      []int   // distance of the kernel's elements; nil is 1
	Groups        int     // parts of the channels that don't mix; 0 is 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil is graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil is graph.Zeros
	KernelPenalty Penalty           // added to the training loss
	BiasPenalty   Penalty
}

// Emit implements graph.Layer.
func (c ConvTranspose2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: c.Kernel, stride: c.Stride, dilation: c.Dilation, padding: c.Padding},
	}.emitTransposed(s, x, 2, c.OutputPadding)
}

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
	more, x := perDim(x, "OutputPadding", outputPadding, dims, 0, 0)
	if x.Err() != nil {
		return nil, x
	}
	for i := range windows {
		w := &windows[i]
		w.Extra = more[i]
		full := (x.Dim(2+i)-1)*w.Stride + extentOf(*w)
		switch c.padding.mode {
		case padSame:
			lack := full - x.Dim(2+i)*w.Stride
			w.Extra = max(0, -lack)
			w.Before, w.After = max(0, lack)/2, max(0, lack)-max(0, lack)/2
			if more[i] > 0 {
				return nil, x.Errorf("OutputPadding: got %d with Padding Same, want 0", more[i])
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
