package chart

import (
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Curves is a diagram of values over the epochs.
type Curves struct {
	Title  string
	Y      string // name of the values
	Lines  []Line
	Marked int  // epoch to mark with a vertical line; 0 means none
	Rising bool // the lines rise, so the legend goes to the bottom
}

// A Line is a named value for each epoch.
type Line struct {
	Name   string
	Values []float64
}

// Save writes the diagram to a PNG file.
func (c Curves) Save(path string) error {
	p := newPlot(c.Title, "epoch", c.Y)
	p.X.Tick.Marker = plot.TickerFunc(epochs)
	p.Legend.Top = !c.Rising
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal.Color = color.Gray{0xe0}
	p.Add(grid)
	if err := c.add(p); err != nil {
		return fmt.Errorf("chart: %s: %w", path, err)
	}
	return save(p, 7*vg.Inch, 4.2*vg.Inch, path)
}

// add adds the lines to a plot, except those without values.
func (c Curves) add(p *plot.Plot) error {
	for i, l := range c.Lines {
		if len(l.Values) == 0 {
			continue
		}
		points := make(plotter.XYs, len(l.Values))
		for e, v := range l.Values {
			points[e] = plotter.XY{X: float64(e + 1), Y: v}
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		line.Color = palette[i%len(palette)]
		line.Width = vg.Points(1.6)
		dots.Color, dots.Shape, dots.Radius = line.Color, draw.CircleGlyph{}, vg.Points(1.6)
		p.Add(line, dots)
		p.Legend.Add(l.Name, line, dots)
	}
	if c.Marked == 0 {
		return nil
	}
	at := float64(c.Marked)
	mark, err := plotter.NewLine(plotter.XYs{{X: at, Y: p.Y.Min}, {X: at, Y: p.Y.Max}})
	if err != nil {
		return err
	}
	mark.Color, mark.Dashes = grey, []vg.Length{vg.Points(4), vg.Points(4)}
	p.Add(mark)
	p.Legend.Add("best epoch, "+strconv.Itoa(c.Marked), mark)
	return nil
}

// epochs returns labelled ticks at integers only.
func epochs(low, high float64) []plot.Tick {
	step := 1
	for _, next := range []int{2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if (high-low)/float64(step) > 12 {
			step = next
		}
	}
	var ticks []plot.Tick
	for e := step; float64(e) <= high; e += step {
		if float64(e) >= low {
			ticks = append(ticks, plot.Tick{Value: float64(e), Label: strconv.Itoa(e)})
		}
	}
	return ticks
}
