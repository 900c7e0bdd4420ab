package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomColor changes brightness, contrast, saturation and hue of each image at random, in this order. In inference it does nothing. The
// input is (batch, channels, height, width) or (batch, height, width) with pixels from 0 to Max, and keeps its shape and range.
// Saturation and Hue need 3 channels: red, green and blue. Grey is 0.299·red + 0.587·green + 0.114·blue.
type RandomColor struct {
	Brightness float64 // pixels are multiplied by a number from 1-Brightness to 1+Brightness, at most 1
	Contrast   float64 // so is their distance from the image's mean grey, at most 1
	Saturation float64 // so is their distance from their own grey, at most 1
	Hue        float64 // colours are turned about the axis of greys, in YIQ space, by up to this fraction of a circle, at most 0.5
	Max        float64 // largest value of a pixel; 0 means 1
}

// Emit implements graph.Layer.
func (r RandomColor) Emit(s *graph.Scope, x graph.Node) graph.Node {
	most := settings.Above("Max", r.Max, 0).OrZero(1)
	x = checked(x, settings.Between("Brightness", r.Brightness, 0, 1), settings.Between("Contrast", r.Contrast, 0, 1),
		settings.Between("Saturation", r.Saturation, 0, 1), settings.Between("Hue", r.Hue, 0, 0.5), most)
	if x.Err() == nil && (r.Saturation > 0 || r.Hue > 0) && (x.Rank() != 4 || x.Dim(1) != 3) {
		return x.Errorf("Saturation and Hue: got %v and %v for shape %v, want 0 for images without 3 channels", r.Saturation, r.Hue, x.Shape())
	}
	return augmented(s, x, func(x graph.Node) graph.Node {
		factor := func(by float64) graph.Node {
			return uniform(s, x, 1-by, 1+by).Reshape(x.Dim(0), 1, 1, 1)
		}
		if r.Brightness > 0 {
			x = x.Mul(factor(r.Brightness)).Clip(0, most.Value)
		}
		if r.Contrast > 0 {
			mean := grey(x).Mean(2, 3).Reshape(x.Dim(0), 1, 1, 1)
			x = x.Sub(mean).Mul(factor(r.Contrast)).Add(mean).Clip(0, most.Value)
		}
		if r.Saturation > 0 {
			g := grey(x)
			x = x.Sub(g).Mul(factor(r.Saturation)).Add(g).Clip(0, most.Value)
		}
		if r.Hue > 0 {
			x = turnedHue(s, x, r.Hue).Clip(0, most.Value)
		}
		return x
	})
}

// grey returns the luma of images of 3 channels, (batch, 1, height, width), and the mean of the channels of others.
func grey(x graph.Node) graph.Node {
	if x.Dim(1) != 3 {
		return x.Mean(1).Expand(1)
	}
	return x.Slice(1, 0, 1).Scale(0.299).Add(x.Slice(1, 1, 2).Scale(0.587)).Add(x.Slice(1, 2, 3).Scale(0.114))
}

// turnedHue turns the plane of I and Q by an angle for each image.
func turnedHue(s *graph.Scope, x graph.Node, hue float64) graph.Node {
	const circle = 6.283185307179586
	angle := uniform(s, x, -hue*circle, hue*circle).Reshape(x.Dim(0), 1, 1, 1)
	cos, sin := angle.Cos(), angle.Sin()
	red, green, blue := x.Slice(1, 0, 1), x.Slice(1, 1, 2), x.Slice(1, 2, 3)
	combine := func(a, b, c float64) graph.Node { return red.Scale(a).Add(green.Scale(b)).Add(blue.Scale(c)) }
	y, i, q := grey(x), combine(0.595716, -0.274453, -0.321263), combine(0.211456, -0.522591, 0.311135)
	i, q = i.Mul(cos).Sub(q.Mul(sin)), i.Mul(sin).Add(q.Mul(cos))
	return graph.Concat(1, y.Add(i.Scale(0.956296)).Add(q.Scale(0.621024)), y.Add(i.Scale(-0.272122)).Add(q.Scale(-0.647381)),
		y.Add(i.Scale(-1.106989)).Add(q.Scale(1.704615)))
}
