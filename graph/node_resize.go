package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// An Interpolation says how a resize computes an element at a position between others.
type Interpolation uint8

// The interpolations. The last four take the element whose index is the position, rounded.
const (
	ResizeLinear    Interpolation = iota // from the two elements around the position
	ResizeCubic                          // from four elements: cubic convolution, Keys 1981
	ResizeFloor                          // rounded down (nearest in PyTorch, with Asymmetric positions)
	ResizeCeil                           // rounded up
	ResizeRoundUp                        // halves rounded up (nearest-exact in PyTorch, with HalfPixel positions)
	ResizeRoundDown                      // halves rounded down
)

// Positions say where element i of a resize's result lies among the n elements of the input. scale is Resizing.Scale.
type Positions uint8

// The positions.
const (
	HalfPixel    Positions = iota // (i + 1/2)/scale - 1/2: elements are cells of equal size
	AlignCorners                  // i·(n-1)/(size-1): elements are points, and the corners of both are in the same places
	Asymmetric                    // i/scale
)

// A Resizing says how Node.Resize computes its result; the zero value is PyTorch's linear or bilinear interpolation.
type Resizing struct {
	Interpolation
	Positions
	Scale     float64 // size of the result divided by that of the input; 0 means the quotient of the two sizes
	Slope     float64 // of ResizeCubic: the derivative of the kernel at distance 1; 0 means -0.75, or -0.5 with Antialias
	Antialias bool    // for smaller results of ResizeLinear and ResizeCubic: average the elements that each element of the result covers
	Inside    bool    // divide the weights of the elements inside by their sum; otherwise, the end elements are repeated outside
}

var tapKinds = [...]kernels.TapKind{
	ResizeLinear: kernels.TapLinear, ResizeCubic: kernels.TapCubic, ResizeFloor: kernels.TapFloor, ResizeCeil: kernels.TapCeil,
	ResizeRoundUp: kernels.TapRoundUp, ResizeRoundDown: kernels.TapRoundDown,
}

// Resize returns x with size elements along an axis, each computed from those around its position; by default it
// interpolates linearly. The derivative is the transposed operation.
func (x Node) Resize(axis, size int, r Resizing) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	switch {
	case err != nil:
	case int(r.Interpolation) >= len(tapKinds) || r.Positions > Asymmetric:
		err = fmt.Errorf("got interpolation %d and positions %d, want named ones", r.Interpolation, r.Positions)
	case math.IsNaN(r.Slope) || math.IsInf(r.Slope, 0):
		err = fmt.Errorf("Slope: got %v, want a finite number", r.Slope)
	}
	if err != nil {
		return x.fail("Resize", err)
	}
	rule := kernels.TapRule{
		In: x.Dim(a), Out: size, Kind: tapKinds[r.Interpolation], Positions: kernels.Positions(r.Positions), Scale: r.Scale,
		Antialias: r.Antialias, Inside: r.Inside,
	}
	if r.Interpolation == ResizeCubic {
		switch rule.A = r.Slope; {
		case r.Slope == 0 && r.Antialias:
			rule.A = -0.5
		case r.Slope == 0:
			rule.A = -0.75
		}
	}
	return x.apply("Resize", ops.Resample{Axis: a, Rule: rule})
}
