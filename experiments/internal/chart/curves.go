// Package chart draws what an experiment has measured.
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

// Curves is a diagram of values by epochs.
type Curves struct {
	Title  string
	Y      string // what the values are
	Lines  []Line
	Marked int // an epoch to mark by a vertical line; 0 is none
}

// A Line is a value for each epoch, the first one first.
type Line struct {
	Name   string
	Values []float64
}

// palette are the colours of the lines.
var palette = []color.RGBA{{0x1f, 0x77, 0xb4, 0xff}, {0xd6, 0x27, 0x28, 0xff}, {0x2c, 0xa0, 0x2c, 0xff}, {0x94, 0x67, 0xbd, 0xff}}

var grey = color.Gray{0xa0}

// Save writes the diagram to a file, in the format that the end of its name says, such as .png.
func (c Curves) Save(path string) error {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = c.Title, "epoch", c.Y
	p.X.Tick.Marker = plot.TickerFunc(epochs)
	p.Title.Padding = vg.Points(8)
	p.Legend.Top = true
	p.Legend.Padding = vg.Points(3)
	p.Legend.XOffs = -vg.Points(12)
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal.Color = color.Gray{0xe0}
	p.Add(grid)
	if err := c.add(p); err != nil {
		return fmt.Errorf("chart: %s: %w", path, err)
	}
	if err := p.Save(7*vg.Inch, 4.2*vg.Inch, path); err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	return nil
}

// add adds the lines to a plot. A line without a value is left out.
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

// epochs puts a tick, with its number, at whole epochs only.
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
