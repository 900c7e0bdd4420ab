package layers

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// An Interpolation says how Resize1D and Resize2D compute elements between those of the input. The zero value is Bilinear.
type Interpolation uint8

// The interpolations, all as in PyTorch's interpolate.
const (
	Bilinear     Interpolation = iota // between the nearest elements; in one dimension it is linear
	Bicubic                           // from the four nearest elements in each dimension, with PyTorch's coefficient of -0.75
	Nearest                           // PyTorch's nearest: element i of the output is element i·(input size)/(output size), or i/Scale, rounded down
	NearestExact                      // the element nearest to the middle
)

var interpolations = [...]string{Bilinear: "bilinear", Bicubic: "bicubic", Nearest: "nearest", NearestExact: "nearest-exact"}

// MarshalText implements encoding.TextMarshaler, for model files: "bilinear", "bicubic", "nearest" or "nearest-exact".
func (m Interpolation) MarshalText() ([]byte, error) {
	if int(m) >= len(interpolations) {
		return nil, fmt.Errorf("layers: Interpolation: got %d, want one of the named ones", m)
	}
	return []byte(interpolations[m]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Interpolation) UnmarshalText(text []byte) error {
	i := slices.Index(interpolations[:], string(text))
	if i < 0 {
		return fmt.Errorf("layers: Interpolation: got %.32q, want bilinear, bicubic, nearest or nearest-exact", text)
	}
	*m = Interpolation(i)
	return nil
}

// Resize1D stretches or shrinks signals: (batch, channels, length) becomes (batch, channels, Size), or with Scale (batch,
// channels, length·Scale), rounded down.
type Resize1D struct {
	Size          int     // of the output; or
	Scale         float64 // factor of the length
	Interpolation Interpolation
	AlignCorners  bool // the first and the last elements keep their places; for Bilinear and Bicubic
	Antialias     bool // for smaller outputs of Bilinear and Bicubic: average all elements that an element of the output covers
}

// Emit implements graph.Layer.
func (r Resize1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return resized(spatial(x, 1), listOf(r.Size), scales(r.Scale), r.Interpolation, r.AlignCorners, r.Antialias)
}

// Resize2D stretches or shrinks images: (batch, channels, height, width) becomes (batch, channels, rows, columns) of the
// given Size, or with Scale (batch, channels, height·Scale, width·Scale), rounded down. Unlike UpSample2D it takes any size.
type Resize2D struct {
	Size          []int     // of the output: one number, or rows and columns; or
	Scale         []float64 // factors: one number, or of the height and the width
	Interpolation Interpolation
	AlignCorners  bool // the corner pixels keep their places; for Bilinear and Bicubic
	Antialias     bool // for smaller outputs of Bilinear and Bicubic: average all pixels that a pixel of the output covers
}

// Emit implements graph.Layer.
func (r Resize2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return resized(spatial(x, 2), r.Size, r.Scale, r.Interpolation, r.AlignCorners, r.Antialias)
}

// scales returns a setting as a list: none if it is 0.
func scales(f float64) []float64 {
	if f == 0 {
		return nil
	}
	return []float64{f}
}

// resized resizes the spatial dimensions of x.
func resized(x graph.Node, size []int, scale []float64, mode Interpolation, corners, antialias bool) graph.Node {
	r, err := resizing(mode, corners, antialias)
	switch {
	case x.Err() != nil:
		return x
	case err != nil:
		return x.Errorf("%w", err)
	case (len(size) > 0) == (len(scale) > 0):
		return x.Errorf("got Size %v and Scale %v, want one of them", size, scale)
	}
	dims := x.Rank() - 2
	sizes, x := perDim(x, "Size", size, dims, 1, 1)
	if len(scale) > 1 && len(scale) != dims {
		return x.Errorf("Scale: got %v, want one number or %d", scale, dims)
	}
	factors := make([]float64, dims)
	for i := 0; i < dims && len(scale) > 0 && x.Err() == nil; i++ {
		f := scale[min(i, len(scale)-1)]
		n := math.Floor(f * float64(x.Dim(2+i)))
		if !(f > 0) || !(n >= 1 && n <= maxSetting) {
			return x.Errorf("Scale: got %v for shape %v, want a positive number and at least one element", f, x.Shape())
		}
		sizes[i], factors[i] = int(n), f
	}
	if x.Err() != nil {
		return x
	}
	order := []int{0, 1}[:dims]
	if dims == 2 && sizes[0] >= x.Dim(2) { // the rows stretch last: columns are computed for fewer of them
		slices.Reverse(order)
	}
	for _, i := range order {
		if factors[i] == 0 && sizes[i] == x.Dim(2+i) {
			continue
		}
		r.Scale = factors[i]
		x = x.Resize(2+i, sizes[i], r)
	}
	return x
}

// resizing returns the setting of graph.Node.Resize.
func resizing(mode Interpolation, corners, antialias bool) (graph.Resizing, error) {
	r := graph.Resizing{Antialias: antialias, Inside: antialias}
	switch mode {
	case Bilinear:
	case Bicubic:
		r.Interpolation = graph.ResizeCubic
	case Nearest:
		r.Interpolation, r.Positions = graph.ResizeFloor, graph.Asymmetric
	case NearestExact:
		r.Interpolation = graph.ResizeRoundUp
	default:
		return r, fmt.Errorf("Interpolation: got %d, want one of the named ones", mode)
	}
	switch {
	case (corners || antialias) && mode > Bicubic:
		return r, fmt.Errorf("got AlignCorners %t and Antialias %t with %s, want false: they are for Bilinear and Bicubic", corners, antialias, interpolations[mode])
	case corners && antialias:
		return r, fmt.Errorf("got AlignCorners and Antialias, want at most one of them")
	case corners:
		r.Positions = graph.AlignCorners
	}
	return r, nil
}
