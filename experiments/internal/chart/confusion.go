package chart

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"github.com/nndiy/nndiy/metrics"
)

// Confusion is a diagram of a confusion matrix: one row per true class, one column per predicted class, with Counts.Names if they
// are set, else with numbers.
type Confusion struct {
	Title  string
	Counts *metrics.Confusion
}

// Save writes the diagram to a PNG file.
func (c Confusion) Save(path string) error {
	p := newPlot(c.Title, "predicted", "true")
	m := c.Counts.Counts
	k := len(m)
	var columns, rows []plot.Tick
	var labels plotter.XYLabels
	var white []bool
	for t := range k {
		name := strconv.Itoa(t)
		if t < len(c.Counts.Names) {
			name = c.Counts.Names[t]
		}
		columns = append(columns, plot.Tick{Value: float64(t), Label: name})
		rows = append(rows, plot.Tick{Value: float64(k - 1 - t), Label: name})
		for i, n := range m[t] {
			if err := cell(p, i, k-1-t, shade(n, c.Counts.True(t), i == t)); err != nil {
				return fmt.Errorf("chart: %s: %w", path, err)
			}
			if n > 0 {
				labels.XYs = append(labels.XYs, plotter.XY{X: float64(i), Y: float64(k - 1 - t)})
				labels.Labels = append(labels.Labels, strconv.Itoa(n))
				white = append(white, i == t && 2*n > c.Counts.True(t))
			}
		}
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(columns), plot.ConstantTicks(rows)
	if len(labels.Labels) > 0 {
		l, err := plotter.NewLabels(labels)
		if err != nil {
			return fmt.Errorf("chart: %s: %w", path, err)
		}
		for i := range l.TextStyle {
			l.TextStyle[i].XAlign, l.TextStyle[i].YAlign = text.XCenter, text.YCenter
			if white[i] {
				l.TextStyle[i].Color = color.White
			}
		}
		p.Add(l)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(k)-0.5, -0.5, float64(k)-0.5
	side, longest := max(3, 0.52*vg.Length(k))*vg.Inch, 0
	for _, name := range c.Counts.Names {
		longest = max(longest, len(name))
	}
	if longest > 6 { // names below the columns stand upright
		p.X.Tick.Label.Rotation, p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = math.Pi/2, text.XRight, text.YCenter
		side += vg.Length(longest) * vg.Points(6)
	}
	return save(p, side, side, path)
}

// cell fills the square of side 1 around (x, y).
func cell(p *plot.Plot, x, y int, fill color.Color) error {
	left, right, low, high := float64(x)-0.5, float64(x)+0.5, float64(y)-0.5, float64(y)+0.5
	square, err := plotter.NewPolygon(plotter.XYs{{X: left, Y: low}, {X: right, Y: low}, {X: right, Y: high}, {X: left, Y: high}})
	if err != nil {
		return err
	}
	square.Color, square.LineStyle.Width = fill, 0
	p.Add(square)
	return nil
}

// shade returns the colour for n of the all samples of a class: blue if they are classified correctly, red if not. Red is eight
// times as strong, since errors are rare.
func shade(n, all int, right bool) color.Color {
	if all == 0 || n == 0 {
		return color.White
	}
	fraction, c := float64(n)/float64(all), palette[0]
	if !right {
		fraction, c = 8*fraction, palette[1]
	}
	return mix(c, fraction)
}
