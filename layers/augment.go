package layers

import "github.com/nndiy/nndiy/graph"

// RandomShift, RandomRotate, RandomFlip and RandomErase make other images of those they are given, in training alone: each
// image has a draw of its own in each step. In inference they do nothing.

// augmented returns, in training, what f makes of images as (batch, channels, height, width).
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

// uniform returns random numbers from lo to hi, one for each image: (batch, 1).
func uniform(s *graph.Scope, x graph.Node, lo, hi float64) graph.Node {
	return s.Noise(graph.Noise{}, x.Dim(0), 1).Scale(hi - lo).Shift(lo)
}

// warp reads images at the places y' = yy·y + yx·x + y0 and x' = xy·y + xx·x + x0, counted from the middle, where each of
// the six is a number for each image, (batch, 1), or one for all.
func warp(x graph.Node, fill float64, yy, yx, y0, xy, xx, x0 graph.Node) graph.Node {
	elements := []graph.Node{yy, yx, y0, xy, xx, x0}
	for i, e := range elements {
		elements[i] = e.BroadcastTo(x.Dim(0), 1)
	}
	return x.Warp(graph.Concat(1, elements...).Reshape(x.Dim(0), 2, 3), fill)
}
