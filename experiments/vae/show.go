package main

import (
	"context"
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// The names of the output files.
const (
	samples  = "samples.png"  // new images
	walk     = "walk.png"     // images between the codes of two images
	pictures = "pictures.png" // test images and their reconstructions
	curves   = "loss.png"
)

const columns = 12 // images in a row

// show measures the model, and draws the losses, new images, reconstructions and images between two codes. Then it trains a
// classifier to judge the new images. Ctrl-C does not end it.
func (r *result) show(l *lab.Lab, model *graph.Model, valid, test graph.Arrays, history graph.History) error {
	if err := r.evaluate(l, model, valid, test, history); err != nil {
		return err
	}
	encoder, err := model.Sub("encoder")
	if err != nil {
		return err
	}
	decoder, err := model.Sub("decoder")
	if err != nil {
		return err
	}
	p := painter{decoder, r.Latent}
	if err := r.reconstruct(l, p, encoder, test.X); err != nil {
		return err
	}
	codes := p.random(l.Seed, 1000)
	if r.Latent == 2 {
		codes = append(grid(), codes...)
	}
	drawn, err := p.paint(codes)
	if err != nil {
		return err
	}
	s := newSheet(l, "New images, generated from random codes.")
	for row := range columns {
		s.Rows = append(s.Rows, sheet.Pick("", drawn, span(row*columns, columns)))
	}
	if err := s.Save(l.Path(samples)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s, %s, %s\n\ntraining a classifier, to judge the new images:\n",
		l.Out, samples, walk, pictures, curves, lab.LogFile, lab.Weights)
	classifier, training, err := reader.Train(l, l.Images.Train.Arrays(), l.Images.Valid.Arrays(), 3)
	if err != nil {
		return err
	}
	r.Interrupted = r.Interrupted || training.Interrupted
	return r.judge(l, classifier, drawn)
}

// evaluate measures the losses and draws their curves.
func (r *result) evaluate(l *lab.Lab, model *graph.Model, valid, test graph.Arrays, history graph.History) error {
	for _, part := range []struct {
		data graph.Arrays
		loss *float64
	}{{valid, &r.ValidLoss}, {test, &r.TestLoss}} {
		logs, err := model.Evaluate(context.Background(), part.data)
		if err != nil {
			return err
		}
		*part.loss = logs["loss"]
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: %.2f nats per validation image, %.2f per test image\n", r.BestEpoch, r.ValidLoss, r.TestLoss)
	title := fmt.Sprintf("Variational auto-encoder, codes of %d numbers", r.Latent)
	return chart.Loss(title, "nats per image", history, r.BestEpoch).Save(l.Path(curves))
}

// reconstruct draws test images from the means of their codes, and images from codes between them.
func (r *result) reconstruct(l *lab.Lab, p painter, encoder *graph.Model, test *graph.Tensor) error {
	codes, err := encoder.Predict(context.Background(), test)
	if err != nil {
		return err
	}
	means := make([][]float32, test.Shape()[0])
	for i := range means {
		means[i] = codes.Data().([]float32)[2*r.Latent*i:][:r.Latent] // the log variances follow
	}
	drawn, err := p.paint(means)
	if err != nil {
		return err
	}
	r.PSNR = metrics.PSNR{Limit: 100}.Score(drawn, test)
	s, chosen := newSheet(l, "Test images, and below them their reconstructions."), l.Images.Samples(columns)
	s.Rows = []sheet.Row{sheet.Pick("original", test, chosen), sheet.Pick(fmt.Sprintf("decoded\n%.2f dB", r.PSNR), drawn, chosen)}
	if err := s.Save(l.Path(pictures)); err != nil {
		return err
	}
	s = newSheet(l, "Images from codes between two test images: from the code of one, at the left, to the code of the next.")
	for i := range len(chosen) - 1 {
		var path [][]float32
		for step := range columns {
			path = append(path, between(means[chosen[i]], means[chosen[i+1]], float32(step)/(columns-1)))
		}
		row, err := p.paint(path)
		if err != nil {
			return err
		}
		s.Rows = append(s.Rows, sheet.Pick("", row, span(0, columns)))
	}
	return s.Save(l.Path(walk))
}

// judge counts the new images that a classifier assigns to a class with a probability of 90% or more.
func (r *result) judge(l *lab.Lab, classifier *graph.Model, drawn *graph.Tensor) error {
	probabilities, err := classifier.Predict(context.Background(), drawn)
	if err != nil {
		return err
	}
	p, found, sure := probabilities.Data().([]float32), map[int]bool{}, 0
	for i, class := range reader.Read(probabilities) {
		if p[i*probabilities.Shape()[1]+class] >= 0.9 {
			sure++
			found[class] = true
		}
	}
	r.Legible, r.Classes = float64(sure)/float64(drawn.Shape()[0]), len(found)
	fmt.Fprintf(l.Stdout, "\nof %d new images, %.1f%% are legible, in %d classes (a classifier gives one class 90%% or more); PSNR of reconstructed test images %.2f dB\n",
		drawn.Shape()[0], 100*r.Legible, r.Classes, r.PSNR)
	return nil
}

func newSheet(l *lab.Lab, title string) sheet.Sheet {
	return sheet.Sheet{Title: title, Width: l.Images.Test.Cols, Height: l.Images.Test.Rows}
}
