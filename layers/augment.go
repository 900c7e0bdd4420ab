package layers

import "github.com/nndiy/nndiy/graph"

// RandomShift, RandomRotate, RandomZoom, RandomCrop, RandomFlip, RandomErase and RandomColor change images at random, only in training. Each image gets its own
// random numbers in each step.

// augmented applies f to images, as (batch, channels, height, width), in training; in inference it returns x.
func augmented(s *graph.Scope, x graph.Node, f func(x graph.Node) graph.Node) graph.Node {
	rank := x.Rank()
	switch {
	case x.Err() != nil:
		return x
	case rank != 3 && rank != 4:
		return x.Errorf("got shape %v, want (batch, channels, height, width) or (batch, height, width)", x.Shape())
	case !s.Training():
		return x
	case rank == 3:
		return f(x.Expand(1)).Reshape(x.Shape()...)
	}
	return f(x)
}

// uniform returns a random number from lo to hi for each image, (batch, 1).
func uniform(s *graph.Scope, x graph.Node, lo, hi float64) graph.Node {
	return s.Noise(graph.Noise{}, x.Dim(0), 1).Scale(hi - lo).Shift(lo)
}

// warp returns images whose pixel (y, x) is the input at y' = yy·y + yx·x + y0 and x' = xy·y + xx·x + x0, with coordinates
// relative to the center. Each coefficient is a number for each image, (batch, 1), or a scalar. Pixels outside are fill.
func warp(x graph.Node, fill float64, yy, yx, y0, xy, xx, x0 graph.Node) graph.Node {
	elements := []graph.Node{yy, yx, y0, xy, xx, x0}
	for i, e := range elements {
		elements[i] = e.BroadcastTo(x.Dim(0), 1)
	}
	return x.Warp(graph.Concat(1, elements...).Reshape(x.Dim(0), 2, 3), fill)
}
