package layers

import "github.com/nndiy/nndiy/graph"

// UpSample1D repeats each element: (batch, channels, length) becomes (batch, channels, length·Size).
type UpSample1D struct {
	Size int // repetitions; 0 means 2
}

// Emit implements graph.Layer.
func (u UpSample1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	size, x := perDim(spatial(x, 1), "Size", listOf(u.Size), 1, 1, 2)
	if x.Err() != nil {
		return x
	}
	n, c, length := x.Dim(0), x.Dim(1), x.Dim(2)
	return x.Expand(-1).BroadcastTo(n, c, length, size[0]).Reshape(n, c, length*size[0])
}

// UpSample2D repeats each pixel: (batch, channels, height, width) becomes (batch, channels, height·Size, width·Size).
type UpSample2D struct {
	Size []int // one number, or vertical and horizontal repetitions; nil means 2
}

// Emit implements graph.Layer.
func (u UpSample2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	size, x := perDim(spatial(x, 2), "Size", u.Size, 2, 1, 2)
	if x.Err() != nil {
		return x
	}
	n, c, h, w := x.Dim(0), x.Dim(1), x.Dim(2), x.Dim(3)
	return x.Reshape(n*c, h, 1, w, 1).BroadcastTo(n*c, h, size[0], w, size[1]).Reshape(n, c, h*size[0], w*size[1])
}
