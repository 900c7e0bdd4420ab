package latent

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
	"github.com/nndiy/nndiy/experiments/playground/internal/ink"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes"
	"github.com/nndiy/nndiy/experiments/playground/internal/panes/trainer"
)

// A Place is a point of the plane, and the test image whose code is nearest.
type Place struct {
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Nearest int     `json:"nearest"` // index of the test image
	Class   int     `json:"class"`   // the digit that it shows
}

// at draws the digit of a point.
func (p *Pane) at(x, y float64) (panes.Reply, error) {
	if !(math.Abs(x) <= 1e3 && math.Abs(y) <= 1e3) {
		return panes.Reply{}, fmt.Errorf("got the point (%v, %v), want numbers of at most 1000", x, y)
	}
	image, err := p.decode([]float32{float32(x), float32(y)})
	if err != nil {
		return panes.Reply{}, err
	}
	return panes.Reply{Value: p.nearest(x, y), Arrays: map[string][]float32{"image": image}}, nil
}

// nearest returns a point with the test image whose code is nearest.
func (p *Pane) nearest(x, y float64) Place {
	best, least := 0, math.Inf(1)
	for i := range p.classes {
		if d := math.Hypot(float64(p.codes[2*i])-x, float64(p.codes[2*i+1])-y); d < least {
			best, least = i, d
		}
	}
	return Place{x, y, best, int(p.classes[best])}
}

// plane draws columns·columns digits as one picture, (28·columns) pixels wide and high. The first is at the upper left, where x is
// smallest and y largest.
func (p *Pane) plane(columns int) (panes.Reply, error) {
	if columns < 1 || columns > 40 {
		return panes.Reply{}, fmt.Errorf("columns: got %d, want 1 to 40", columns)
	}
	const side = digits.Side
	picture := make([]float32, columns*columns*digits.Pixels)
	for row := range columns {
		points := make([]float32, 0, 2*columns)
		for column := range columns {
			points = append(points, middle(column, columns), -middle(row, columns))
		}
		images, err := p.decode(points)
		if err != nil {
			return panes.Reply{}, err
		}
		for i := range images {
			image, y, x := i/digits.Pixels, i%digits.Pixels/side, i%side
			picture[(row*side+y)*columns*side+image*side+x] = images[i]
		}
	}
	return panes.Reply{Value: struct {
		Side int `json:"side"`
	}{columns * side}, Arrays: map[string][]float32{"picture": picture}}, nil
}

// middle returns the coordinate of the middle of the ith of n equal parts.
func middle(i, n int) float32 { return reach * ((2*float32(i)+1)/float32(n) - 1) }

// place returns the point of what was drawn: the mean of its code. The arrays are the image, and what the network makes of it.
func (p *Pane) place(strokes []ink.Stroke) (panes.Reply, error) {
	image, err := ink.Image(strokes)
	if err != nil {
		return panes.Reply{}, err
	}
	code, err := trainer.Predict(p.encoder, 1, image)
	if err != nil {
		return panes.Reply{}, err
	}
	r, err := p.at(float64(code[0]), float64(code[1]))
	if err != nil {
		return panes.Reply{}, err
	}
	r.Arrays["drawn"] = image
	return r, nil
}
