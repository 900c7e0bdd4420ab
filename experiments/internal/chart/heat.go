package chart

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Heat is a diagram of a matrix: a cell for each number, the darker the larger it is. Row 0 is at the top.
type Heat struct {
	Title         string
	X, Y          string      // names of the axes
	Columns, Rows []string    // a label for each column and each row
	Values        [][]float64 // numbers from 0, white, to 1, blue; others have the colour of the nearest of these
}

// Save writes the diagram to a PNG file.
func (h Heat) Save(path string) error {
	p := newPlot(h.Title, h.X, h.Y)
	for r, row := range h.Values {
		for c, v := range row {
			if err := cell(p, c, len(h.Rows)-1-r, mix(palette[0], v)); err != nil {
				return fmt.Errorf("chart: %s: %w", path, err)
			}
		}
	}
	var columns, rows []plot.Tick
	for i, label := range h.Columns {
		columns = append(columns, plot.Tick{Value: float64(i), Label: label})
	}
	for i, label := range h.Rows {
		rows = append(rows, plot.Tick{Value: float64(len(h.Rows) - 1 - i), Label: label})
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks(columns), plot.ConstantTicks(rows)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(len(columns))-0.5, -0.5, float64(len(rows))-0.5
	const side = 0.25 * vg.Inch
	return save(p, max(3*vg.Inch, vg.Length(len(columns))*side+vg.Inch), max(2*vg.Inch, vg.Length(len(rows))*side+vg.Inch), path)
}

// mix returns a colour with the given opacity, from 0 to 1, on white.
func mix(c color.RGBA, opacity float64) color.RGBA {
	opacity = min(max(opacity, 0), 1)
	on := func(v uint8) uint8 { return uint8(255 - opacity*float64(255-v)) }
	return color.RGBA{on(c.R), on(c.G), on(c.B), 255}
}
