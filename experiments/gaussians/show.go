package main

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files.
const (
	plane    = "plane.png"
	loss     = "loss.png"
	accuracy = "accuracy.png"
)

// show measures the model, and draws the curves and the test points over the regions of the predicted classes. Ctrl-C does not
// end it.
func (r *result) show(l *lab.Lab, model *graph.Model, data parts, history graph.History) error {
	logs, err := model.Evaluate(context.Background(), data.valid)
	if err != nil {
		return err
	}
	r.ValidLoss, r.ValidAccuracy = logs["loss"], logs["accuracy"]
	if logs, err = model.Evaluate(context.Background(), data.test); err != nil {
		return err
	}
	r.TestAccuracy = logs["accuracy"]
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: accuracy %.2f%% on the validation points, %.2f%% on the test points\n",
		r.BestEpoch, 100*r.ValidAccuracy, 100*r.TestAccuracy)
	name := r.Problem.String()
	if l.Data != "" {
		name = l.Data
	}
	title := fmt.Sprintf("Points of %s, %v, %v", name, r.Loss, r.Optimizer)
	if err := drawPlane(l, model, fmt.Sprintf("%s: %.1f%% of %d test points", title, 100*r.TestAccuracy, data.shown.Len()), data.shown); err != nil {
		return err
	}
	if err := chart.Loss(title, "loss", history, r.BestEpoch).Save(l.Path(loss)); err != nil {
		return err
	}
	if err := chart.Accuracy(title, history, r.BestEpoch).Save(l.Path(accuracy)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s, %s\n", l.Out, plane, loss, accuracy, lab.LogFile, lab.Weights)
	return nil
}

// drawPlane draws up to 2,000 points over the regions of the predicted classes.
func drawPlane(l *lab.Lab, model *graph.Model, title string, points graph.Arrays) error {
	d := chart.Points{Title: title, X: "x", Y: "y"}
	x, y := points.X.Data().([]float32), points.Y.Data().([]float32)
	const most = 2000 // more points would hide one another
	for i := range min(len(y), most) {
		d.At = append(d.At, [2]float64{float64(x[2*i]), float64(x[2*i+1])})
		d.Class = append(d.Class, int(y[i]))
	}
	d.Frame = chart.Frame(d.At)
	var err error
	if d.Regions, err = regions(model, d.Frame); err != nil {
		return err
	}
	return d.Save(l.Path(plane))
}

// regions predicts the class of each point of a grid over the frame.
func regions(model *graph.Model, frame [4]float64) (*chart.Regions, error) {
	const side = 240
	places := make([]float32, 0, 2*side*side)
	for row := range side {
		y := frame[3] - (float64(row)+0.5)/side*(frame[3]-frame[2])
		for column := range side {
			places = append(places, float32(frame[0]+(float64(column)+0.5)/side*(frame[1]-frame[0])), float32(y))
		}
	}
	p, err := model.Predict(context.Background(), tensor.New(tensor.WithShape(side*side, 2), tensor.WithBacking(places)))
	if err != nil {
		return nil, err
	}
	return &chart.Regions{Width: side, Class: reader.Read(p)}, nil
}
