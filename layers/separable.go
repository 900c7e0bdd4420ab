package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// DepthwiseConv2D is a convolution of each channel by itself: (batch, channels, height, width) becomes (batch,
// channels·Multiplier, places of the window). Its parameters are weight, (channels·Multiplier, 1, height, width of the
// kernel), and bias, (channels·Multiplier).
type DepthwiseConv2D struct {
	Multiplier int // outputs of each channel; 0 is 1
	Kernel     []int
	Stride     []int   // nil is 1
	Padding    Padding // zero is Valid; or Same, Pad
	Dilation   []int   // distance of the kernel's elements; nil is 1
	NoBias     bool
	KernelInit graph.Initializer // of weight; nil is graph.GlorotUniform
	BiasInit   graph.Initializer // of bias; nil is graph.Zeros
}

// Emit implements graph.Layer.
func (d DepthwiseConv2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Count("Multiplier", d.Multiplier, 0))
	if x = spatial(x, 2); x.Err() != nil {
		return x
	}
	return Conv2D{
		Filters: x.Dim(1) * max(d.Multiplier, 1), Groups: x.Dim(1), Kernel: d.Kernel, Stride: d.Stride, Padding: d.Padding,
		Dilation: d.Dilation, NoBias: d.NoBias, KernelInit: d.KernelInit, BiasInit: d.BiasInit,
	}.Emit(s, x)
}

// SeparableConv2D is a convolution of each channel by itself, and one of kernel 1 that mixes the channels (Chollet 2017):
// (batch, channels, height, width) becomes (batch, Filters, places of the window). Its parameters are depthwise/weight,
// (channels·Multiplier, 1, height, width of the kernel), pointwise/weight, (Filters, channels·Multiplier, 1, 1), and
// pointwise/bias, (Filters).
type SeparableConv2D struct {
	Filters    int
	Multiplier int // outputs of each channel in between; 0 is 1
	Kernel     []int
	Stride     []int   // nil is 1
	Padding    Padding // zero is Valid; or Same, Pad
	Dilation   []int   // distance of the kernel's elements; nil is 1
	NoBias     bool
	KernelInit graph.Initializer // of both weights; nil is graph.GlorotUniform
	BiasInit   graph.Initializer // of bias; nil is graph.Zeros
}

// Emit implements graph.Layer.
func (c SeparableConv2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	y := s.ApplyAs("depthwise", DepthwiseConv2D{
		Multiplier: c.Multiplier, Kernel: c.Kernel, Stride: c.Stride, Padding: c.Padding, Dilation: c.Dilation,
		NoBias: true, KernelInit: c.KernelInit,
	}, x)
	return s.ApplyAs("pointwise", Conv2D{
		Filters: c.Filters, Kernel: []int{1}, NoBias: c.NoBias, KernelInit: c.KernelInit, BiasInit: c.BiasInit,
	}, y)
}
