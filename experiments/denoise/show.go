package main

import (
	"context"
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files.
const (
	pictures = "pictures.png"
	curves   = "loss.png"
)

// show draws the losses, trains a classifier on clean images, and tests the denoised images with it. Ctrl-C does not end it.
func (r *result) show(l *lab.Lab, model *graph.Model, valid graph.Dataset, history graph.History) error {
	curve := chart.Loss("Denoising, "+r.Noise.name()+" noise", "binary cross-entropy", history, r.BestEpoch)
	if err := curve.Save(l.Path(curves)); err != nil {
		return err
	}
	logs, err := model.Evaluate(context.Background(), valid)
	if err != nil {
		return err
	}
	r.ValidBCE = logs["loss"]
	fmt.Fprintf(l.Stdout, "\nbest epoch %d, validation BCE %.4f\n\ntraining a classifier on clean images, to classify the test images:\n",
		r.BestEpoch, r.ValidBCE)
	classifier, training, err := reader.Train(l, l.Images.Train.Arrays(), l.Images.Valid.Arrays(), 6)
	if err != nil {
		return err
	}
	r.Interrupted = r.Interrupted || training.Interrupted
	return r.test(l, model, classifier)
}

// test measures the test images at each amount of noise, prints the figures, and draws twelve of the images.
func (r *result) test(l *lab.Lab, model, classifier *graph.Model) error {
	t := &tester{Lab: l, model: model, classifier: classifier, test: l.Images.Test.Arrays(), samples: l.Images.Samples(12)}
	t.sheet = sheet.Sheet{
		Title: "Test images with random values in place of some pixels, and the same images denoised.\n" +
			"Below each image: its class according to a classifier, red if wrong.",
		Width: l.Images.Test.Cols, Height: l.Images.Test.Rows,
	}
	clean, cleanRow, err := t.classify(t.test.X, "original")
	if err != nil {
		return err
	}
	rows := [][]string{{"noise", "BCE", "PSNR: noisy", "denoised", "accuracy: noisy", "denoised", "clean"}}
	for _, amount := range r.Noise.amounts() {
		f, err := t.measure(amount)
		if err != nil {
			return err
		}
		f.AccuracyClean = clean
		r.Test, rows = append(r.Test, f), append(rows, f.cells())
	}
	for _, f := range r.Test {
		r.PSNR += f.PSNR / float64(len(r.Test))
		r.Accuracy += f.Accuracy / float64(len(r.Test))
	}
	cleanRow.Gap = true
	t.sheet.Rows = append(t.sheet.Rows, cleanRow)
	fmt.Fprintf(l.Stdout, "\non %d test images:\n", t.test.Len())
	if err := lab.Table(l.Stdout, rows...); err != nil {
		return err
	}
	if err := t.sheet.Save(l.Path(pictures)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s\n", l.Out, pictures, curves, lab.LogFile, lab.Weights)
	return nil
}
