package main

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// The names of the files.
const (
	solution = "solution.png"
	curves   = "curves.png"
)

// show compares the network with the known solution after a number of iterations of L-BFGS, draws both, and saves the model's weights.
func (r *result) show(l *lab.Lab, m *graph.Model, p problem, h graph.History, iterations int) error {
	errors, total := 0.0, 0.0
	test := p.points(l.Valid, l.Seed+1)
	y, err := m.Predict(l.Context, test)
	if err != nil {
		return err
	}
	d := len(p.low)
	for i, u := range y.Float64s() {
		exact := p.exact(test.Float64s()[i*d : (i+1)*d])
		r.MaxError = max(r.MaxError, math.Abs(u-exact))
		errors += (u - exact) * (u - exact)
		total += exact * exact
	}
	r.L2 = math.Sqrt(errors / total)
	fmt.Fprintf(l.Stdout, "L-BFGS: mean squared residual %.3g after %d iterations, %.0f s\nerror at %d other points: at most %.2g, relative %.2g in the Euclidean norm\n",
		r.Residual, iterations, r.Seconds, l.Valid, r.MaxError, r.L2)
	if err := p.draw(l, m); err != nil {
		return err
	}
	line := chart.Line{Name: "log10 of the mean squared residual"}
	for _, logs := range h.Logs {
		line.Values = append(line.Values, math.Log10(logs["train_loss"]))
	}
	if err := (chart.Curves{Title: "Adam, then L-BFGS", Y: line.Name, Lines: []chart.Line{line}}).Save(l.Path(curves)); err != nil {
		return err
	}
	return atomicfile.Write(l.Path(lab.Weights), func(w io.Writer) error { return graph.WriteWeights(w, m.Weights(), nil) })
}

// draw draws the network's solution as lines, and points of the known one.
func (p problem) draw(l *lab.Lab, m *graph.Model) error {
	diagram := chart.Points{Title: "The network (lines) and the known solution (points)", X: "x", Y: "u", Radius: vg.Points(3)}
	times := p.slices
	if times == nil {
		times = []float64{0}
	}
	const steps = 400
	for _, t := range times {
		x := make([]float64, 0, (steps+1)*len(p.low))
		for i := range steps + 1 {
			x = append(x, p.low[0]+(p.high[0]-p.low[0])*float64(i)/steps)
			if p.slices != nil {
				x = append(x, t)
			}
		}
		in := tensor.New(tensor.WithShape(steps+1, len(p.low)), tensor.WithBacking(x))
		u, err := m.Predict(l.Context, in)
		if err != nil {
			return err
		}
		line := chart.Polyline{Name: "network"}
		if p.slices != nil {
			line.Name = fmt.Sprintf("t = %v", t)
		}
		for i, v := range u.Float64s() {
			at := x[i*len(p.low) : (i+1)*len(p.low)]
			line.At = append(line.At, [2]float64{at[0], v})
			if i%20 == 0 {
				diagram.At = append(diagram.At, [2]float64{at[0], p.exact(at)})
			}
		}
		diagram.Lines = append(diagram.Lines, line)
	}
	return diagram.Save(l.Path(solution))
}
