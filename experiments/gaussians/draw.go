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

// The files that are written.
const (
	plane    = "plane.png"
	loss     = "loss.png"
	accuracy = "accuracy.png"
)

// draw draws the curves, and the test points on the plane, which has the colour of the class that the network gives it.
func (s settings) draw(l *lab.Lab, model *graph.Model, data parts, history graph.History, r *result) error {
	name := s.Problem.String()
	if l.Data != "" {
		name = l.Data
	}
	title := fmt.Sprintf("Points of %s, %v, %v", name, s.Loss, s.Optimizer)
	d := chart.Points{Title: fmt.Sprintf("%s: %.1f%% of %d test points", title, 100*r.TestAccuracy, data.shown.Len()), X: "x", Y: "y"}
	x, y := data.shown.X.Data().([]float32), data.shown.Y.Data().([]float32)
	const fewer = 2000 // points can be told apart in a picture
	for i := range min(len(y), fewer) {
		d.At = append(d.At, [2]float64{float64(x[2*i]), float64(x[2*i+1])})
		d.Class = append(d.Class, int(y[i]))
	}
	d.Frame = chart.Frame(d.At)
	var err error
	if d.Regions, err = regions(model, d.Frame); err != nil {
		return err
	}
	if err := d.Save(l.Path(plane)); err != nil {
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

// regions asks the model for the class of each place in a frame.
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
