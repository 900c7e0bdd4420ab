// Package ink makes images like those of MNIST of what someone has drawn.
package ink

import (
	"fmt"
	"math"
)

// A Point is a place on the sheet, in any unit; y grows downwards.
type Point struct{ X, Y float64 }

// A Stroke is the path of the pen from where it touches the sheet to where it leaves it. One point is a dot.
type Stroke []Point

const (
	side = 28  // height and width of the image in pixels
	box  = 20  // height or width of the digit, whichever is larger
	pen  = 1.2 // half the width of a line in pixels
	most = 1 << 16
)

// Image returns the strokes as an image of 28×28 pixels from 0 to 1, one row after another. As in MNIST, the digit is scaled to
// fit into a box of 20×20 pixels, keeps its proportions, is anti-aliased, and lies with its centre of mass in the middle of the
// image; but the lines always have the same width. No strokes give an empty image. Points that are not finite, and more
// than 65,536 points, are errors.
func Image(strokes []Stroke) ([]float32, error) {
	image := make([]float32, side*side)
	lo, hi := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	n := 0
	for i, s := range strokes {
		for j, p := range s {
			if math.Abs(p.X) > 1e9 || math.Abs(p.Y) > 1e9 || p.X != p.X || p.Y != p.Y {
				return nil, fmt.Errorf("ink: Image: stroke %d, point %d: got (%v, %v), want finite numbers up to 1e9", i, j, p.X, p.Y)
			}
			lo, hi = Point{min(lo.X, p.X), min(lo.Y, p.Y)}, Point{max(hi.X, p.X), max(hi.Y, p.Y)}
			n++
		}
	}
	if n > most {
		return nil, fmt.Errorf("ink: Image: got %d points, want at most %d", n, most)
	}
	if n == 0 {
		return image, nil
	}
	// The box contains the lines with their width.
	scale := 0.
	if size := max(hi.X-lo.X, hi.Y-lo.Y); size > 0 {
		scale = (box - 2*pen) / size
	}
	centre := Point{(lo.X + hi.X) / 2, (lo.Y + hi.Y) / 2}
	place := func(at Point) func(Point) Point {
		return func(p Point) Point { return Point{(p.X-centre.X)*scale + at.X, (p.Y-centre.Y)*scale + at.Y} }
	}
	middle := Point{side / 2., side / 2.}
	paint(image, strokes, place(middle))
	mass := centreOfMass(image)
	// The digit stays whole: the box moves only within the image.
	halfX, halfY := (hi.X-lo.X)*scale/2+pen, (hi.Y-lo.Y)*scale/2+pen
	middle.X = clamp(2*middle.X-mass.X, halfX, side-halfX)
	middle.Y = clamp(2*middle.Y-mass.Y, halfY, side-halfY)
	clear(image)
	paint(image, strokes, place(middle))
	return image, nil
}

// clamp returns x limited to lo…hi.
func clamp(x, lo, hi float64) float64 { return min(max(x, lo), hi) }

// centreOfMass returns the mean place of the ink. A pixel's centre is at half units.
func centreOfMass(image []float32) Point {
	var p Point
	sum := 0.
	for i, v := range image {
		p.X += float64(v) * (float64(i%side) + 0.5)
		p.Y += float64(v) * (float64(i/side) + 0.5)
		sum += float64(v)
	}
	return Point{p.X / sum, p.Y / sum}
}
