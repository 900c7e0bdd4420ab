package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// ZeroPad1D adds elements at both ends of signals: (batch, channels, length) becomes (batch, channels, Before + length +
// After). They are zeros unless Mode or Value says otherwise.
type ZeroPad1D struct {
	Before, After int           // numbers of elements, at least 0
	Mode          graph.PadMode // PadZeros, PadReflect, PadEdge or PadWrap; the zero value is PadZeros
	Value         float64       // of the elements that PadZeros adds
}

// Emit implements graph.Layer.
func (z ZeroPad1D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(spatial(x, 1), settings.Count("Before", z.Before, 0), settings.Count("After", z.After, 0))
	return padded(s, x, z.Mode, z.Value, z.Before, z.After)
}

// ZeroPad2D adds rows and columns around images: (batch, channels, height, width) becomes (batch, channels, Top + height +
// Bottom, Left + width + Right). They are zeros unless Mode or Value says otherwise.
type ZeroPad2D struct {
	Top, Bottom, Left, Right int           // numbers of rows and columns, at least 0
	Mode                     graph.PadMode // PadZeros, PadReflect, PadEdge or PadWrap; the zero value is PadZeros
	Value                    float64       // of the elements that PadZeros adds
}

// Emit implements graph.Layer.
func (z ZeroPad2D) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(spatial(x, 2), settings.Count("Top", z.Top, 0), settings.Count("Bottom", z.Bottom, 0),
		settings.Count("Left", z.Left, 0), settings.Count("Right", z.Right, 0))
	return padded(s, x, z.Mode, z.Value, z.Top, z.Bottom, z.Left, z.Right)
}

// padded adds elements to the spatial dimensions of x; sides are the numbers before and after each.
func padded(s *graph.Scope, x graph.Node, mode graph.PadMode, value float64, sides ...int) graph.Node {
	x = checked(x, settings.Finite("Value", value))
	for i := range sides {
		if sides[i] > maxSetting {
			return x.Errorf("got padding %v, want at most %d", sides, maxSetting)
		}
	}
	if mode != graph.PadZeros && value != 0 {
		return x.Errorf("Value: got %v with a Mode other than PadZeros, want 0", value)
	}
	y := x
	for i := 0; i < len(sides); i += 2 {
		y = y.Pad(2+i/2, sides[i], sides[i+1], mode)
	}
	if value == 0 || y.Err() != nil {
		return y
	}
	return y.Add(around(s, x, y, value, sides))
}

// around returns a table that is value where y has more elements than x, and 0 elsewhere. It broadcasts to y.
func around(s *graph.Scope, x, y graph.Node, value float64, sides []int) graph.Node {
	return s.Table(func(i int) float64 {
		for d := y.Rank() - 1; d >= 2; d-- {
			at := i%y.Dim(d) - sides[2*(d-2)]
			if i /= y.Dim(d); at < 0 || at >= x.Dim(d) {
				return value
			}
		}
		return 0
	}, y.Shape()[2:]...)
}

// Crop1D cuts elements off both ends of signals: (batch, channels, length) becomes (batch, channels, length - Before - After).
type Crop1D struct {
	Before, After int // numbers of elements, at least 0
}

// Emit implements graph.Layer.
func (c Crop1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	x = checked(spatial(x, 1), settings.Count("Before", c.Before, 0), settings.Count("After", c.After, 0))
	return cropped(x, c.Before, c.After)
}

// Crop2D cuts rows and columns off images: (batch, channels, height, width) becomes (batch, channels, height - Top - Bottom,
// width - Left - Right).
type Crop2D struct {
	Top, Bottom, Left, Right int // numbers of rows and columns, at least 0
}

// Emit implements graph.Layer.
func (c Crop2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	x = checked(spatial(x, 2), settings.Count("Top", c.Top, 0), settings.Count("Bottom", c.Bottom, 0),
		settings.Count("Left", c.Left, 0), settings.Count("Right", c.Right, 0))
	return cropped(x, c.Top, c.Bottom, c.Left, c.Right)
}

// cropped cuts the spatial dimensions of x; sides are the numbers of elements before and after each.
func cropped(x graph.Node, sides ...int) graph.Node {
	for i := 0; i < len(sides) && x.Err() == nil; i += 2 {
		before, after, n := sides[i], sides[i+1], x.Dim(2+i/2)
		if before >= n || after >= n-before {
			return x.Errorf("got shape %v, want more than %d and %d elements in dimension %d", x.Shape(), before, after, 2+i/2)
		}
		if before+after > 0 {
			x = x.Slice(2+i/2, before, n-after)
		}
	}
	return x
}
