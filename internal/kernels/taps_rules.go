package kernels

import (
	"fmt"
	"math"
)

// A TapRule names a map of In elements along an axis to Out elements: a resize, or the elements with a border around them.
type TapRule struct {
	In, Out int
	Kind    TapKind

	Before int // of a border: elements in front; the others of the border come behind

	// Of a resize.
	Positions Positions
	Scale     float64 // of positions; 0 means Out/In
	A         float64 // of TapCubic: the derivative of the kernel at 1
	Antialias bool    // stretch the kernel of TapLinear or TapCubic if the result is smaller
	Inside    bool    // divide the weights of the elements inside by their sum, rather than repeat the elements at the ends
}

// A TapKind is the kind of a TapRule.
type TapKind uint8

// Resizes take the element at a position, rounded in one of four ways, or interpolate between two or four elements. Borders
// are mirror images without the element at the end, repetitions of the element at the end, or the elements at the other end.
const (
	TapFloor TapKind = iota
	TapCeil
	TapRoundDown // rounds halves down
	TapRoundUp   // rounds halves up
	TapLinear
	TapCubic
	TapReflect
	TapEdge
	TapWrap
)

var tapNames = [...]string{
	TapFloor: "Floor", TapCeil: "Ceil", TapRoundDown: "RoundDown", TapRoundUp: "RoundUp", TapLinear: "Linear", TapCubic: "Cubic",
	TapReflect: "Reflect", TapEdge: "Edge", TapWrap: "Wrap",
}

// String returns the kind's name.
func (k TapKind) String() string { return tapNames[k] }

// Positions say where element i of the result of a resize lies among the elements of x.
type Positions uint8

// The positions.
const (
	HalfPixel    Positions = iota // (i + 1/2)/scale - 1/2: the elements are cells of equal size
	AlignCorners                  // i·(In-1)/(Out-1): the first and the last elements are points at the same place
	Asymmetric                    // i/scale
)

// Check returns an error unless the rule describes a map.
func (r TapRule) Check() error {
	after := r.Out - r.In - r.Before
	most := map[TapKind]int{TapReflect: r.In - 1, TapWrap: r.In, TapEdge: math.MaxInt32}[r.Kind]
	switch {
	case r.In < 1 || r.Out < 1 || r.In > math.MaxInt32 || r.Out > math.MaxInt32:
		return fmt.Errorf("got sizes %d and %d, want 1 to %d", r.In, r.Out, math.MaxInt32)
	case r.Kind >= TapReflect && (r.Before < 0 || after < 0 || r.Before > most || after > most):
		return fmt.Errorf("%s: got %d and %d elements around %d, want 0 to %d", r.Kind, r.Before, after, r.In, most)
	case !(r.Scale >= 0) || math.IsInf(r.Scale, 0) || r.Scale > 0 && r.step() > math.MaxInt32:
		return fmt.Errorf("got scale %v, want a positive number", r.Scale)
	case r.Scale > 0 && float64(r.Out) > float64(r.In)*r.Scale+1:
		return fmt.Errorf("got size %d for %d elements and scale %v, want at most their product", r.Out, r.In, r.Scale)
	case math.IsNaN(r.A) || math.IsInf(r.A, 0):
		return fmt.Errorf("got cubic coefficient %v, want a finite number", r.A)
	case r.Antialias && (r.Positions != HalfPixel || r.Kind < TapLinear):
		return fmt.Errorf("got antialiasing of %s resizing, want linear or cubic with half-pixel positions", r.Kind)
	}
	return nil
}

// Taps returns the map.
func (r TapRule) Taps() *Taps {
	t := &Taps{In: r.In, First: []int{0}}
	for i := range r.Out {
		switch {
		case r.Kind >= TapReflect:
			t.add(r.border(i-r.Before), 1)
		case r.Kind < TapLinear:
			t.add(min(max(int(r.nearest(r.position(i))), 0), r.In-1), 1)
		default:
			r.interpolate(t, r.position(i))
		}
		t.next()
	}
	return t
}

// border returns the element that a border repeats at index i.
func (r TapRule) border(i int) int {
	switch {
	case r.Kind == TapEdge:
		return min(max(i, 0), r.In-1)
	case r.Kind == TapWrap:
		return (i + r.In) % r.In
	case i < 0:
		return -i
	case i >= r.In:
		return 2*(r.In-1) - i
	}
	return i
}

// step returns the distance between the positions of neighbours.
func (r TapRule) step() float64 {
	switch {
	case r.Positions == AlignCorners:
		return float64(r.In-1) / float64(max(r.Out-1, 1))
	case r.Scale > 0:
		return 1 / r.Scale
	}
	return float64(r.In) / float64(r.Out)
}

// position returns the position of element i.
func (r TapRule) position(i int) float64 {
	if r.Positions == HalfPixel {
		return (float64(i)+0.5)*r.step() - 0.5
	}
	return float64(i) * r.step()
}

// NearHalf returns a position, but one that is nearly an integer or between two as such, since it has rounding errors.
func NearHalf(x float64) float64 {
	if h := math.Round(2*x) / 2; math.Abs(x-h) < 1e-9 {
		return h
	}
	return x
}

// nearest rounds a position.
func (r TapRule) nearest(x float64) float64 {
	switch x = NearHalf(x); r.Kind {
	case TapFloor:
		return math.Floor(x)
	case TapCeil:
		return math.Ceil(x)
	case TapRoundDown:
		return math.Ceil(x - 0.5)
	}
	return math.Floor(x + 0.5)
}

// interpolate adds the elements around a position. With Antialias the kernel is as wide as the distance between positions.
func (r TapRule) interpolate(t *Taps, x float64) {
	width := 1.0
	if r.Antialias {
		width = max(r.step(), 1)
	}
	support := width
	if r.Kind == TapCubic {
		support = 2 * width
	}
	total := 0.0
	for at := int(math.Ceil(x - support)); float64(at) <= x+support; at++ {
		total += r.weighted(t, at, r.kernel((x-float64(at))/width), !r.Inside)
	}
	t.divide(total, r.Inside || r.Antialias)
}

// weighted adds element at with a weight, which it returns. An element outside is the one at the end if repeat is set, and
// is left out otherwise.
func (r TapRule) weighted(t *Taps, at int, weight float64, repeat bool) float64 {
	if inside := min(max(at, 0), r.In-1); repeat || at == inside {
		t.add(inside, weight)
		return weight
	}
	return 0
}

// kernel returns the weight of an element at a distance: a triangle, or Keys' cubic convolution (1981).
func (r TapRule) kernel(d float64) float64 {
	switch d = math.Abs(d); {
	case r.Kind == TapLinear:
		return max(1-d, 0)
	case d < 1:
		return ((r.A+2)*d-(r.A+3))*d*d + 1
	case d < 2:
		return r.A * (((d-5)*d+8)*d - 4)
	}
	return 0
}
