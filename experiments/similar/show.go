package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files.
const (
	plane    = "map.png"      // test images in the plane
	pictures = "pictures.png" // test images and the nearest training images
	curves   = "loss.png"
)

const (
	neighbours = 10   // training images beside a test image
	points     = 2000 // test images in the map, at most
)

// show measures the model, and draws the losses, the map and the nearest images. Ctrl-C does not end it.
func (r *result) show(l *lab.Lab, model *graph.Model, train, valid, test graph.Arrays, history graph.History) error {
	ctx, of := context.Background(), make([]map[string]*graph.Tensor, 3)
	for i, part := range []graph.Arrays{train, valid, test} {
		var err error
		if of[i], err = model.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: part.X}); err != nil {
			return err
		}
	}
	m, vectors, places := l.Images, graph.MainOutput, flat
	for _, a := range []struct {
		result        *float64
		queries, keys *graph.Tensor
		classes       []uint8
	}{
		{&r.ValidAccuracy, of[1][vectors], of[0][vectors], m.Valid.Labels},
		{&r.TestAccuracy, of[2][vectors], of[0][vectors], m.Test.Labels},
		{&r.PlaneAccuracy, of[2][places], of[0][places], m.Test.Labels},
		{&r.PixelAccuracy, m.Test.X(), m.Train.X(), m.Test.Labels},
	} {
		var err error
		if *a.result, err = accuracy(ctx, a.queries, a.keys, a.classes, m.Train.Labels); err != nil {
			return err
		}
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: %.2f%% of the test images have the class of the nearest training image, %.2f%% in the map, and %.2f%% by their pixels\n",
		r.BestEpoch, 100*r.TestAccuracy, 100*r.PlaneAccuracy, 100*r.PixelAccuracy)
	if err := r.drawMap(l, of[2][places]); err != nil {
		return err
	}
	if err := r.drawNearest(l, of[2][vectors], of[0][vectors]); err != nil {
		return err
	}
	if err := chart.Loss("Triplet loss of the vectors and of the map", "sum of both losses", history, r.BestEpoch).Save(l.Path(curves)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s, %s\n", l.Out, plane, pictures, curves, lab.LogFile, lab.Weights)
	return err
}

// drawMap draws the places of test images.
func (r *result) drawMap(l *lab.Lab, places *graph.Tensor) error {
	d := chart.Points{
		Title:   fmt.Sprintf("Test images, vectors of %d numbers in a plane", r.Size),
		Colours: chart.Distinct, Named: true,
	}
	for i := range min(points, l.Images.Test.Len()) {
		p := places.Float32s()[2*i:]
		d.At, d.Class = append(d.At, [2]float64{float64(p[0]), float64(p[1])}), append(d.Class, int(l.Images.Test.Labels[i]))
	}
	d.Frame = chart.Frame(d.At)
	return d.Save(l.Path(plane))
}

// drawNearest draws test images and the training images with the nearest vectors.
func (r *result) drawNearest(l *lab.Lab, vectors, keys *graph.Tensor) error {
	found, err := nearest(context.Background(), vectors, keys, min(neighbours, keys.Shape()[0]))
	if err != nil {
		return err
	}
	s := sheet.Sheet{Title: "Test images at the left, and the training images with the nearest vectors.", Width: l.Images.Test.Cols, Height: l.Images.Test.Rows}
	x, y := l.Images.Train.X(), l.Images.Test.X()
	for _, i := range l.Images.Samples(10) {
		row := sheet.Pick("", y, []int{i})
		row.Cells = append(row.Cells, sheet.Pick("", x, found[i]).Cells...)
		for j, k := range found[i] {
			c := l.Images.Train.Labels[k]
			row.Cells[j+1].Text, row.Cells[j+1].Wrong = strconv.Itoa(int(c)), c != l.Images.Test.Labels[i]
		}
		s.Rows = append(s.Rows, row)
	}
	return s.Save(l.Path(pictures))
}
