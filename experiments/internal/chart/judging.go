package chart

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/nndiy/nndiy/metrics"
)

// unitFrame is the frame of a diagram of two numbers from 0 to 1.
var unitFrame = [4]float64{0, 1, 0, 1}

// diagonal is the line from (0, 0) to (1, 1).
var diagonal = [][2]float64{{0, 0}, {1, 1}}

// ROC is a diagram of ROC curves with their names, such as one for each class.
func ROC(title string, names []string, curves []metrics.ROCCurve) Points {
	d := Points{Title: title, X: "false positives", Y: "true positives", Frame: unitFrame, LegendBelow: true}
	for i, c := range curves {
		d.Lines = append(d.Lines, Polyline{names[i], pairs(c.FalsePositive, c.TruePositive)})
	}
	d.Lines = append(d.Lines, Polyline{"chance", diagonal})
	return d
}

// PrecisionRecall is a diagram of precision-recall curves with their names.
func PrecisionRecall(title string, names []string, curves []metrics.PrecisionRecallCurve) Points {
	d := Points{Title: title, X: "recall", Y: "precision", Frame: unitFrame, LegendBelow: true}
	for i, c := range curves {
		d.Lines = append(d.Lines, Polyline{names[i], pairs(c.Recall, c.Precision)})
	}
	return d
}

// Calibration is a diagram of calibration curves with their names.
func Calibration(title string, names []string, curves []metrics.CalibrationCurve) Points {
	d := Points{Title: title, X: "confidence", Y: "accuracy", Frame: unitFrame, LegendBelow: true}
	for i, c := range curves {
		d.Lines = append(d.Lines, Polyline{names[i], pairs(c.Confidence, c.Accuracy)})
	}
	d.Lines = append(d.Lines, Polyline{"calibrated", diagonal})
	return d
}

// pairs returns points, at least two.
func pairs(x, y []float64) (p [][2]float64) {
	for i := range x {
		p = append(p, [2]float64{x[i], y[i]})
	}
	if len(p) == 1 {
		p = append(p, p[0])
	}
	return p
}

// Bars is a diagram of a number for each name, as bars from left to right, the first at the top: such as the importance of columns.
type Bars struct {
	Title, X  string // X names the numbers
	Names     []string
	Values    []float64
	Deviation []float64 // half the length of a line at the end of each bar; nil means no lines
}

// Save writes the diagram to a PNG file.
func (b Bars) Save(path string) error {
	if len(b.Values) == 0 || len(b.Names) != len(b.Values) || b.Deviation != nil && len(b.Deviation) != len(b.Values) {
		return fmt.Errorf("chart: %s: got %d names, %d values and %d deviations, want as many of each, at least one",
			path, len(b.Names), len(b.Values), len(b.Deviation))
	}
	p, n := newPlot(b.Title, b.X, ""), len(b.Values)
	heights, ticks := make(plotter.Values, n), make([]plot.Tick, n)
	for i, v := range b.Values { // the first is the highest
		heights[n-1-i], ticks[n-1-i] = v, plot.Tick{Value: float64(n - 1 - i), Label: b.Names[i]}
	}
	bars, err := plotter.NewBarChart(heights, vg.Points(12))
	if err != nil {
		return fmt.Errorf("chart: %s: %w", path, err)
	}
	bars.Horizontal, bars.Color, bars.LineStyle.Width = true, colour(0), 0
	p.Add(bars)
	for i, d := range b.Deviation {
		y := float64(n - 1 - i)
		line, err := plotter.NewLine(plotter.XYs{{X: b.Values[i] - d, Y: y}, {X: b.Values[i] + d, Y: y}})
		if err != nil {
			return fmt.Errorf("chart: %s: %w", path, err)
		}
		line.Color, line.Width = colour(1), vg.Points(1.6)
		p.Add(line)
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	return save(p, 7*vg.Inch, vg.Length(n)*vg.Points(18)+1.5*vg.Inch, path)
}
