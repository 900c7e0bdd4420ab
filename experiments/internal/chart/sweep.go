package chart

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/nndiy/nndiy/callbacks"
)

// Sweep is a diagram of the loss over the learning rate, as a RateFinder found it.
type Sweep struct {
	Title      string
	Y          string // name of the loss
	Points     []callbacks.RatePoint
	Suggestion float64 // rate to mark with a vertical line; 0 means none
}

// Save writes the diagram to a PNG file. Losses far above those before them are cut off.
func (s Sweep) Save(path string) error {
	p := newPlot(s.Title, "learning rate", s.Y)
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powers)
	p.Legend.Left, p.Legend.XOffs = true, vg.Points(12)
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{0xe0}, color.Gray{0xe0}
	p.Add(grid)
	if err := s.add(p); err != nil {
		return fmt.Errorf("chart: %s: %w", path, err)
	}
	return save(p, 7*vg.Inch, 4.2*vg.Inch, path)
}

// add adds the losses, their moving average and the mark.
func (s Sweep) add(p *plot.Plot) error {
	losses, means := make(plotter.XYs, len(s.Points)), make(plotter.XYs, len(s.Points))
	for i, point := range s.Points {
		losses[i] = plotter.XY{X: point.Rate, Y: point.Loss}
		means[i] = plotter.XY{X: point.Rate, Y: point.Smooth}
	}
	line, err := plotter.NewLine(means)
	if err != nil {
		return err
	}
	p.Add(line)
	low, high := p.Y.Min, p.Y.Max
	dots, err := plotter.NewScatter(losses)
	if err != nil {
		return err
	}
	dots.Color, dots.Shape, dots.Radius = grey, draw.CircleGlyph{}, vg.Points(1.6)
	line.Color, line.Width = colour(0), vg.Points(1.8)
	p.Add(dots)
	margin := (high - low) / 4
	p.Y.Min, p.Y.Max = max(p.Y.Min, low-margin), min(p.Y.Max, high+margin)
	for i := range losses { // gonum draws points outside of the axes too
		dots.XYs[i].Y = min(max(losses[i].Y, p.Y.Min), p.Y.Max)
	}
	p.Legend.Add("loss of a batch", dots)
	p.Legend.Add("moving average", line)
	if s.Suggestion == 0 {
		return nil
	}
	mark, err := plotter.NewLine(plotter.XYs{{X: s.Suggestion, Y: p.Y.Min}, {X: s.Suggestion, Y: p.Y.Max}})
	if err != nil {
		return err
	}
	mark.Color, mark.Dashes, mark.Width = colour(1), []vg.Length{vg.Points(4), vg.Points(4)}, vg.Points(1.4)
	p.Add(mark)
	p.Legend.Add(fmt.Sprintf("suggestion, %.2g", s.Suggestion), mark)
	return nil
}

// powers returns ticks at 1 to 9 times the powers of ten, labelled at these.
func powers(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := int(math.Floor(math.Log10(low))); e <= int(math.Ceil(math.Log10(high))); e++ {
		power, _ := strconv.ParseFloat(fmt.Sprintf("1e%d", e), 64)
		for k := 1.0; k < 10; k++ {
			tick := plot.Tick{Value: k * power}
			if k == 1 {
				tick.Label = strconv.FormatFloat(power, 'g', -1, 64)
			}
			if tick.Value >= low*(1-1e-9) && tick.Value <= high*(1+1e-9) {
				ticks = append(ticks, tick)
			}
		}
	}
	return ticks
}
