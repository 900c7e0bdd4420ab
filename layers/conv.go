package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Conv1D is a convolution of signals: (batch, channels, length) becomes (batch, Filters, positions), where
// positions = ⌊(length + zeros of padding - Dilation·(Kernel-1) - 1) / Stride⌋ + 1. Its parameters are weight, (Filters,
// channels/Groups, Kernel), and bias, (Filters).
//
// A sequence with a mask, (batch, time, features), becomes (batch, positions, Filters): its features are the channels, padding is
// zeros, and a position is valid if it has the same value whatever padding follows. Padding Same needs a Stride of 1 there.
type Conv1D struct {
	Filters       int     // number of output channels
	Kernel        int     // length of the kernel
	Stride        int     // 0 means 1
	Padding       Padding // Valid, Same, Causal or Pad; the zero value is Valid
	Dilation      int     // distance between the kernel's elements; 0 means 1
	Groups        int     // groups of channels that are convolved separately; 0 means 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil means graph.Zeros
	KernelPenalty Penalty           // of weight, added to the loss
	BiasPenalty   Penalty           // of bias, added to the loss
}

// Emit implements graph.Layer.
func (c Conv1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return channelled(x, func(x graph.Node) graph.Node {
		return convolution{
			filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
			kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
			sliding: sliding{size: []int{c.Kernel}, stride: listOf(c.Stride), dilation: listOf(c.Dilation), padding: c.Padding},
		}.emit(s, x, 1)
	})
}

// Conv2D is a convolution of images: (batch, channels, height, width) becomes (batch, Filters, rows, columns), with sizes as
// in Conv1D. Kernel, Stride and Dilation hold one number for both dimensions, or one for the height and one for the width.
// Its parameters are weight, (Filters, channels/Groups, kernel height, kernel width), and bias, (Filters).
type Conv2D struct {
	Filters       int     // number of output channels
	Kernel        []int   // height and width of the kernel, or one number for both
	Stride        []int   // nil means 1
	Padding       Padding // Valid, Same or Pad; the zero value is Valid
	Dilation      []int   // distance between the kernel's elements; nil means 1
	Groups        int     // groups of channels that are convolved separately; 0 means 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil means graph.Zeros
	KernelPenalty Penalty           // of weight, added to the loss
	BiasPenalty   Penalty           // of bias, added to the loss
}

// Emit implements graph.Layer.
func (c Conv2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: c.Kernel, stride: c.Stride, dilation: c.Dilation, padding: c.Padding},
	}.emit(s, x, 2)
}

// A convolution holds the settings of a convolution with any number of spatial dimensions.
type convolution struct {
	sliding
	filters, groups            int
	noBias                     bool
	kernelInit, biasInit       graph.Initializer
	kernelPenalty, biasPenalty Penalty
}

// emit applies the convolution.
func (c convolution) emit(s *graph.Scope, x graph.Node, dims int) graph.Node {
	return windowed(x, c.sliding, dims, 0, func(x graph.Node) graph.Node {
		windows, x := c.windows(x, dims)
		if x = c.check(x); x.Err() != nil {
			return x
		}
		if c.padding.mode == padCausal && s.Streaming() && windows[0].Stride == 1 {
			x = s.Past(x, 2, windows[0].Before)
			windows[0].Before = 0
		}
		groups := max(c.groups, 1)
		return c.addBias(s, x.Conv(c.weight(s, c.filters, x.Dim(1)/groups, windows), groups, windows...), dims)
	})
}

// check returns x, with an error if Filters or Groups is not valid for its channels.
func (c convolution) check(x graph.Node) graph.Node {
	x = checked(x, settings.Count("Filters", c.filters, 1))
	if groups := max(c.groups, 1); x.Err() == nil && (c.groups < 0 || x.Dim(1)%groups != 0 || c.filters%groups != 0) {
		return x.Errorf("Groups: got %d, want a divisor of the %d channels and of the %d filters", c.groups, x.Dim(1), c.filters)
	}
	return x
}

// weight returns the weights, of shape (first, second, window sizes...), and clears the windows' sizes.
func (c convolution) weight(s *graph.Scope, first, second int, windows []graph.Window) graph.Node {
	shape := []int{first, second}
	for i := range windows {
		shape = append(shape, windows[i].Size)
		windows[i].Size = 0 // Node.Conv takes it from the weights
	}
	w := s.Param("weight", or(c.kernelInit, graph.GlorotUniform), shape...)
	c.kernelPenalty.add(s, w, "KernelPenalty")
	return w
}

// addBias adds the bias of each channel, unless there is none.
func (c convolution) addBias(s *graph.Scope, y graph.Node, dims int) graph.Node {
	if c.noBias {
		return c.biasPenalty.unused(y)
	}
	b := s.Param("bias", or(c.biasInit, graph.Zeros), c.filters)
	c.biasPenalty.add(s, b, "BiasPenalty")
	return y.Add(perChannel(b, dims))
}

// perChannel returns a vector, (channels), in a shape that broadcasts over dims spatial dimensions.
func perChannel(v graph.Node, dims int) graph.Node {
	for range dims {
		v = v.Expand(-1)
	}
	return v
}
