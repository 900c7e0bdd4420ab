package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Conv1D is a convolution of signals: (batch, channels, length) becomes (batch, Filters, places of the window). Its
// parameters are weight, (Filters, channels/Groups, Kernel), and bias, (Filters).
type Conv1D struct {
	Filters       int
	Kernel        int
	Stride        int     // 0 is 1
	Padding       Padding // zero is Valid; or Same, Causal, Pad
	Dilation      int     // distance of the kernel's elements; 0 is 1
	Groups        int     // parts of the channels that don't mix; 0 is 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil is graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil is graph.Zeros
	KernelPenalty Penalty           // added to the training loss
	BiasPenalty   Penalty
}

// Emit implements graph.Layer.
func (c Conv1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: []int{c.Kernel}, stride: list(c.Stride), dilation: list(c.Dilation), padding: c.Padding},
	}.emit(s, x, 1)
}

// Conv2D is a convolution of images: (batch, channels, height, width) becomes (batch, Filters, places of the window). Of
// Kernel, Stride and Dilation one number is for both dimensions, two are for the height and the width. Its parameters are
// weight, (Filters, channels/Groups, height, width of the kernel), and bias, (Filters).
type Conv2D struct {
	Filters       int
	Kernel        []int
	Stride        []int   // nil is 1
	Padding       Padding // zero is Valid; or Same, Pad
	Dilation      []int   // distance of the kernel's elements; nil is 1
	Groups        int     // parts of the channels that don't mix; 0 is 1
	NoBias        bool
	KernelInit    graph.Initializer // of weight; nil is graph.GlorotUniform
	BiasInit      graph.Initializer // of bias; nil is graph.Zeros
	KernelPenalty Penalty           // added to the training loss
	BiasPenalty   Penalty
}

// Emit implements graph.Layer.
func (c Conv2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return convolution{
		filters: c.Filters, groups: c.Groups, noBias: c.NoBias,
		kernelInit: c.KernelInit, biasInit: c.BiasInit, kernelPenalty: c.KernelPenalty, biasPenalty: c.BiasPenalty,
		sliding: sliding{size: c.Kernel, stride: c.Stride, dilation: c.Dilation, padding: c.Padding},
	}.emit(s, x, 2)
}

// A convolution is what the convolutions of any number of dimensions share.
type convolution struct {
	sliding
	filters, groups            int
	noBias                     bool
	kernelInit, biasInit       graph.Initializer
	kernelPenalty, biasPenalty Penalty
}

func (c convolution) emit(s *graph.Scope, x graph.Node, dims int) graph.Node {
	windows, x := c.windows(x, dims)
	if x = c.check(x); x.Err() != nil {
		return x
	}
	groups := max(c.groups, 1)
	return c.addBias(s, x.Conv(c.weight(s, c.filters, x.Dim(1)/groups, windows), groups, windows...), dims)
}

// check returns x, with an error if the filters or the groups do not fit its channels.
func (c convolution) check(x graph.Node) graph.Node {
	x = checked(x, settings.Count("Filters", c.filters, 1))
	if groups := max(c.groups, 1); x.Err() == nil && (c.groups < 0 || x.Dim(1)%groups != 0 || c.filters%groups != 0) {
		return x.Errorf("Groups: got %d, want a divisor of the %d channels and of the %d filters", c.groups, x.Dim(1), c.filters)
	}
	return x
}

// weight returns the weights, of the windows' size.
func (c convolution) weight(s *graph.Scope, first, second int, windows []graph.Window) graph.Node {
	shape := []int{first, second}
	for i := range windows {
		shape = append(shape, windows[i].Size)
		windows[i].Size = 0 // the weights tell
	}
	w := s.Param("weight", or(c.kernelInit, graph.GlorotUniform), shape...)
	c.kernelPenalty.add(s, w, "KernelPenalty")
	return w
}

// addBias adds a number of its own to each channel.
func (c convolution) addBias(s *graph.Scope, y graph.Node, dims int) graph.Node {
	if c.noBias {
		return y
	}
	b := s.Param("bias", or(c.biasInit, graph.Zeros), c.filters)
	c.biasPenalty.add(s, b, "BiasPenalty")
	return y.Add(perChannel(b, dims))
}

// perChannel returns a vector of numbers of the channels in a shape that broadcasts over so many dimensions of space.
func perChannel(v graph.Node, dims int) graph.Node {
	for range dims {
		v = v.Expand(-1)
	}
	return v
}
