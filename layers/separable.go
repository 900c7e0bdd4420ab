package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// DepthwiseConv1D convolves each channel separately, as a Conv1D with one group for each channel: (batch, channels, length)
// becomes (batch, channels·Multiplier, positions). Its parameters are weight, (channels·Multiplier, 1, Kernel), and bias,
// (channels·Multiplier).
type DepthwiseConv1D struct {
	Multiplier int     // output channels for each input channel; 0 means 1
	Kernel     int     // length of the kernel
	Stride     int     // 0 means 1
	Padding    Padding // Valid, Same, Causal or Pad; the zero value is Valid
	Dilation   int     // distance between the kernel's elements; 0 means 1
	NoBias     bool
	KernelInit graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit   graph.Initializer // of bias; nil means graph.Zeros
}

// Emit implements graph.Layer.
func (d DepthwiseConv1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return channelled(x, func(x graph.Node) graph.Node {
		x = checked(x, settings.Count("Multiplier", d.Multiplier, 0))
		if x.Err() != nil || x.Rank() != 3 {
			return spatial(x, 1)
		}
		return Conv1D{
			Filters: x.Dim(1) * max(d.Multiplier, 1), Groups: x.Dim(1), Kernel: d.Kernel, Stride: d.Stride, Padding: d.Padding,
			Dilation: d.Dilation, NoBias: d.NoBias, KernelInit: d.KernelInit, BiasInit: d.BiasInit,
		}.Emit(s, x)
	})
}

// DepthwiseConv2D convolves each channel separately, as a Conv2D with one group for each channel: (batch, channels, height,
// width) becomes (batch, channels·Multiplier, rows, columns). Its parameters are weight, (channels·Multiplier, 1, kernel
// height, kernel width), and bias, (channels·Multiplier).
type DepthwiseConv2D struct {
	Multiplier int     // output channels for each input channel; 0 means 1
	Kernel     []int   // height and width of the kernel, or one number for both
	Stride     []int   // nil means 1
	Padding    Padding // Valid, Same or Pad; the zero value is Valid
	Dilation   []int   // distance between the kernel's elements; nil means 1
	NoBias     bool
	KernelInit graph.Initializer // of weight; nil means graph.GlorotUniform
	BiasInit   graph.Initializer // of bias; nil means graph.Zeros
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

// SeparableConv2D is a DepthwiseConv2D without bias, then a Conv2D with a kernel of 1, which mixes the channels (Chollet
// 2017): (batch, channels, height, width) becomes (batch, Filters, rows, columns). Its parameters are depthwise/weight,
// (channels·Multiplier, 1, kernel height, kernel width), pointwise/weight, (Filters, channels·Multiplier, 1, 1), and
// pointwise/bias, (Filters).
type SeparableConv2D struct {
	Filters    int     // number of output channels
	Multiplier int     // channels between the two convolutions for each input channel; 0 means 1
	Kernel     []int   // height and width of the kernel, or one number for both
	Stride     []int   // nil means 1
	Padding    Padding // Valid, Same or Pad; the zero value is Valid
	Dilation   []int   // distance between the kernel's elements; nil means 1
	NoBias     bool
	KernelInit graph.Initializer // of both weights; nil means graph.GlorotUniform
	BiasInit   graph.Initializer // of bias; nil means graph.Zeros
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

// SeparableConv1D is SeparableConv2D for signals: (batch, channels, length) becomes (batch, Filters, positions). Its parameters
// are depthwise/weight, (channels·Multiplier, 1, Kernel), pointwise/weight, (Filters, channels·Multiplier, 1), and
// pointwise/bias, (Filters).
type SeparableConv1D struct {
	Filters    int     // number of output channels
	Multiplier int     // channels between the two convolutions for each input channel; 0 means 1
	Kernel     int     // length of the kernel
	Stride     int     // 0 means 1
	Padding    Padding // Valid, Same, Causal or Pad; the zero value is Valid
	Dilation   int     // distance between the kernel's elements; 0 means 1
	NoBias     bool
	KernelInit graph.Initializer // of both weights; nil means graph.GlorotUniform
	BiasInit   graph.Initializer // of bias; nil means graph.Zeros
}

// Emit implements graph.Layer.
func (c SeparableConv1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	y := s.ApplyAs("depthwise", DepthwiseConv1D{
		Multiplier: c.Multiplier, Kernel: c.Kernel, Stride: c.Stride, Padding: c.Padding, Dilation: c.Dilation,
		NoBias: true, KernelInit: c.KernelInit,
	}, x)
	return s.ApplyAs("pointwise", Conv1D{
		Filters: c.Filters, Kernel: 1, NoBias: c.NoBias, KernelInit: c.KernelInit, BiasInit: c.BiasInit,
	}, y)
}
