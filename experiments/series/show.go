package main

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// files are the names of the files that the experiment writes.
var files = []string{lab.LogFile, lab.Weights, "loss.png", "forecast.png", "errors.png"}

// show forecasts the test windows, compares with the same hours of the day before, and draws.
func (r *result) show(l *lab.Lab, model *graph.Model, test *datasets.WindowSet, h graph.History) error {
	var all graph.Batch
	for b, err := range test.Batches(0, nil) {
		if err != nil {
			return err
		}
		all = b
	}
	out, err := model.PredictAll(l.Context, map[string]*graph.Tensor{graph.MainInput: all.X, "known": all.Inputs["known"]})
	if err != nil {
		return err
	}
	pred, n := out[graph.MainOutput], test.Len()
	before := make([]float32, 0, n*future)
	for i := range n {
		for k := range future {
			before = append(before, all.X.Float32s()[(i*past+past-future+k)*5])
		}
	}
	naive := tensor.New(tensor.WithShape(n, future, 1), tensor.WithBacking(before))
	mae := metrics.MeanAbsoluteError{}
	r.Error, r.Naive, r.Pearson = mae.Score(pred, all.Y), mae.Score(naive, all.Y), metrics.Pearson{}.Score(pred, all.Y)
	r.Skill = 1 - r.Error/r.Naive
	fmt.Fprintf(l.Stdout, "\ntest error %.4f, of the day before %.4f: %.0f%% better; correlation %.3f\n", r.Error, r.Naive, 100*r.Skill, r.Pearson)

	ours, theirs := make([]float64, future), make([]float64, future)
	for i := range n * future {
		y := all.Y.Float32s()[i]
		ours[i%future] += math.Abs(float64(pred.Float32s()[i]-y)) / float64(n)
		theirs[i%future] += math.Abs(float64(before[i]-y)) / float64(n)
	}
	window := n / 2 // one in the middle
	line := func(name string, values []float32) chart.Polyline {
		p := chart.Polyline{Name: name}
		for k, v := range values {
			p.At = append(p.At, [2]float64{float64(k + 1), float64(v)})
		}
		return p
	}
	part := func(t *graph.Tensor) []float32 { return t.Float32s()[window*future:][:future] }
	lines := []chart.Polyline{line("demand", part(all.Y)), line("forecast", part(pred)), line("day before", part(naive))}
	var at [][2]float64
	for _, l := range lines {
		at = append(at, l.At...)
	}
	diagrams := map[string]interface{ Save(path string) error }{
		"loss.png":     chart.Loss("Series", "mean squared error", h, r.BestEpoch),
		"forecast.png": chart.Points{Title: "One day", X: "hours ahead", Y: "demand", Lines: lines, Frame: chart.Frame(at)},
		"errors.png": chart.Points{Title: "Error by hour ahead", X: "hours ahead", Y: "mean absolute error", Lines: []chart.Polyline{
			line("forecast", narrow(ours)), line("day before", narrow(theirs)),
		}, Frame: chart.Frame(append(line("", narrow(ours)).At, line("", narrow(theirs)).At...))},
	}
	for name, d := range diagrams {
		if err := d.Save(l.Path(name)); err != nil {
			return err
		}
	}
	return nil
}

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}
