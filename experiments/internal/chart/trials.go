package chart

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// Trials is a diagram of a search's results: a panel for each setting, with a point for each trial, its score over the setting. The
// colours are those of the budgets.
type Trials struct {
	Score    string   // name of the score
	Settings []string // names of the settings
	Trials   []Trial
}

// A Trial is a point of each panel.
type Trial struct {
	Values []float64 // a finite number for each setting
	Score  float64
	Budget int
}

// Save writes the diagram to a PNG file. No trials and no settings are an error.
func (d Trials) Save(path string) error {
	panels := make([]*plot.Plot, len(d.Settings))
	for i := range panels {
		p, err := d.panel(i)
		if err != nil {
			return fmt.Errorf("chart: %s: %s: %w", path, d.Settings[i], err)
		}
		panels[i] = p
	}
	if len(panels) == 0 {
		return fmt.Errorf("chart: %s: got no settings, want at least one", path)
	}
	width, height := vg.Length(len(panels))*3.2*vg.Inch, 3.4*vg.Inch
	canvas := vgimg.New(width, height)
	tiles := draw.Tiles{Rows: 1, Cols: len(panels), PadX: vg.Points(12), PadTop: vg.Points(4), PadRight: vg.Points(8)}
	for i, c := range plot.Align([][]*plot.Plot{panels}, tiles, draw.New(canvas))[0] {
		panels[i].Draw(c)
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := vgimg.PngCanvas{Canvas: canvas}.WriteTo(w)
		return err
	})
}

// panel draws the scores over setting i.
func (d Trials) panel(i int) (*plot.Plot, error) {
	p := newPlot("", d.Settings[i], "")
	if i == 0 {
		p.Y.Label.Text = d.Score
	}
	if len(d.Trials) == 0 {
		return nil, fmt.Errorf("got no trials, want at least one")
	}
	low, high := math.Inf(1), math.Inf(-1)
	groups := map[int]plotter.XYs{}
	var budgets []int
	for _, t := range d.Trials {
		if groups[t.Budget] == nil {
			budgets = append(budgets, t.Budget)
		}
		groups[t.Budget] = append(groups[t.Budget], plotter.XY{X: t.Values[i], Y: t.Score})
		low, high = min(low, t.Values[i]), max(high, t.Values[i])
	}
	if low > 0 && high > 20*low {
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powers)
	}
	slices.Sort(budgets)
	for k, budget := range budgets {
		s, err := plotter.NewScatter(groups[budget])
		if err != nil {
			return nil, err
		}
		s.Color, s.Shape, s.Radius = colour(k), draw.CircleGlyph{}, vg.Points(2.2)
		p.Add(s)
		if i == 0 {
			p.Legend.Add("budget "+strconv.Itoa(budget), s)
		}
	}
	return p, nil
}
