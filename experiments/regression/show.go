package main

import (
	"context"
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/features"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files.
const (
	line   = "line.png"
	curves = "loss.png"
)

// data generates noisy points of a line, or, with -data, computes two features of each image: the input and the target.
func (s settings) data(l *lab.Lab) (train, valid graph.Arrays, err error) {
	if l.Data == "" {
		return datasets.Line(l.Train, s.Noise, 2*l.Seed), datasets.Line(l.Valid, s.Noise, 2*l.Seed+1), nil
	}
	a, b, _, err := features.Points(l.Images)
	if err != nil {
		return train, valid, err
	}
	return columns(a), columns(b), nil
}

// columns makes the first column of points the input, and the second column the target.
func columns(points *graph.Tensor) graph.Arrays {
	p := points.Data().([]float32)
	x, y := make([]float32, len(p)/2), make([]float32, len(p)/2)
	for i := range x {
		x[i], y[i] = p[2*i], p[2*i+1]
	}
	column := func(v []float32) *graph.Tensor { return tensor.New(tensor.WithShape(len(v), 1), tensor.WithBacking(v)) }
	return graph.Arrays{X: column(x), Y: column(y)}
}

// show measures the model, prints its line, and draws it over the validation points. Ctrl-C does not end it.
func (r *result) show(l *lab.Lab, model *graph.Model, valid graph.Arrays, history graph.History) error {
	logs, err := model.Evaluate(context.Background(), valid)
	if err != nil {
		return err
	}
	r.ValidLoss, r.ValidMSE = logs["loss"], logs["mse"]
	ends, err := model.Predict(context.Background(), tensor.New(tensor.WithShape(2, 1), tensor.WithBacking([]float32{0, 1})))
	if err != nil {
		return err
	}
	y := ends.Float32s()
	r.Intercept, r.Slope = float64(y[0]), float64(y[1]-y[0])
	sign := "+"
	if r.Intercept < 0 {
		sign = "-"
	}
	text := fmt.Sprintf("y = %.3f·x %s %.3f", r.Slope, sign, math.Abs(r.Intercept))
	d := chart.Points{Title: fmt.Sprintf("A line through points, %v: %s, mean squared error %.4f", r.Loss, text, r.ValidMSE), X: "x", Y: "y"}
	for i, x := range valid.X.Float32s() {
		d.At = append(d.At, [2]float64{float64(x), float64(valid.Y.Float32s()[i])})
	}
	d.Frame = chart.Frame(d.At)
	at := func(x float64) [2]float64 { return [2]float64{x, r.Slope*x + r.Intercept} }
	d.Lines = []chart.Polyline{{Name: text, At: [][2]float64{at(d.Frame[0]), at(d.Frame[1])}}}
	if err := d.Save(l.Path(line)); err != nil {
		return err
	}
	if err := chart.Loss("A line through points", r.Loss.String(), history, r.BestEpoch).Save(l.Path(curves)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: %s, mean squared error of the validation points %.5f\n\nwritten to %s: %s, %s, %s, %s\n",
		r.BestEpoch, text, r.ValidMSE, l.Out, line, curves, lab.LogFile, lab.Weights)
	return nil
}
