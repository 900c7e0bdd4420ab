package main

import (
	"context"
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/score"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// The files that are written.
const (
	samples  = "samples.png"  // new pictures
	walk     = "walk.png"     // from the code of a picture to that of another
	pictures = "pictures.png" // test pictures, drawn again
	curves   = "loss.png"
)

const columns = 12 // pictures in a row

// show draws new pictures, walks between codes and pictures drawn again, and asks a classifier about the new ones. Ctrl-C does
// not end it.
func (r *result) show(l *lab.Lab, model *graph.Model, test *graph.Tensor) error {
	encoder, err := model.Sub("encoder")
	if err != nil {
		return err
	}
	decoder, err := model.Sub("decoder")
	if err != nil {
		return err
	}
	p := painter{decoder, r.Latent}
	if err := r.redraw(l, p, encoder, test); err != nil {
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
	s := newSheet(l, "New pictures, drawn from random codes.")
	for row := range columns {
		s.Rows = append(s.Rows, sheet.Pick("", drawn, span(row*columns, columns)))
	}
	if err := s.Save(l.Path(samples)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s, %s, %s\n\ntraining a classifier on pictures, to read the new ones:\n",
		l.Out, samples, walk, pictures, curves, lab.LogFile, lab.Weights)
	classifier, reading, err := reader.Train(l, l.Images.Train.Arrays(), l.Images.Valid.Arrays(), 3)
	if err != nil {
		return err
	}
	r.Interrupted = r.Interrupted || reading.Interrupted
	return r.judge(l, classifier, drawn)
}

// redraw draws test pictures again, from the means of their codes, and what lies between some of them.
func (r *result) redraw(l *lab.Lab, p painter, encoder *graph.Model, test *graph.Tensor) error {
	both, err := encoder.Predict(context.Background(), test)
	if err != nil {
		return err
	}
	means := make([][]float32, test.Shape()[0])
	for i := range means {
		means[i] = both.Data().([]float32)[2*r.Latent*i:][:r.Latent]
	}
	drawn, err := p.paint(means)
	if err != nil {
		return err
	}
	if r.PSNR, err = score.PSNR(drawn, test); err != nil {
		return err
	}
	s, chosen := newSheet(l, "Test pictures, and below what the network draws from their codes."), l.Images.Samples(columns)
	s.Rows = []sheet.Row{sheet.Pick("original", test, chosen), sheet.Pick(fmt.Sprintf("drawn\n%.2f dB", r.PSNR), drawn, chosen)}
	if err := s.Save(l.Path(pictures)); err != nil {
		return err
	}
	s = newSheet(l, "Walks through the codes: from a test picture's, at the left, to that of the next one.")
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

// judge asks a classifier what the new pictures show.
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
	fmt.Fprintf(l.Stdout, "\nof %d new pictures, %.1f%% show one of %d classes for sure, as a classifier sees it; test pictures drawn again have %.2f dB\n",
		drawn.Shape()[0], 100*r.Legible, r.Classes, r.PSNR)
	return nil
}

func newSheet(l *lab.Lab, title string) sheet.Sheet {
	return sheet.Sheet{Title: title, Width: l.Images.Test.Cols, Height: l.Images.Test.Rows}
}
