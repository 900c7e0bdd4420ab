package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

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

// ZeroPad2D adds rows and columns of zeros around images: (batch, channels, height, width) becomes (batch, channels,
// Top + height + Bottom, Left + width + Right). Each number is at least 0.
type ZeroPad2D struct{ Top, Bottom, Left, Right int }

// Emit implements graph.Layer.
func (z ZeroPad2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	x = checked(spatial(x, 2), settings.Count("Top", z.Top, 0), settings.Count("Bottom", z.Bottom, 0),
		settings.Count("Left", z.Left, 0), settings.Count("Right", z.Right, 0))
	return x.Pad(2, z.Top, z.Bottom).Pad(3, z.Left, z.Right)
}
