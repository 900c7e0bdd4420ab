package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/score"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// figures are what the test pictures measure at one amount of noise.
type figures struct {
	Noise         float64 `json:"noise"`
	BCE           float64 `json:"bce"`
	PSNRNoisy     float64 `json:"psnr_noisy"`
	PSNR          float64 `json:"psnr"` // of the denoised pictures, as for the rest
	AccuracyNoisy float64 `json:"accuracy_noisy"`
	Accuracy      float64 `json:"accuracy"` // share that the classifier reads right
	AccuracyClean float64 `json:"accuracy_clean"`
}

// cells are the texts of a row of the table.
func (f figures) cells() []string {
	decibels := func(v float64) string { return fmt.Sprintf("%.2f dB", v) }
	share := func(v float64) string { return fmt.Sprintf("%.1f%%", 100*v) }
	return []string{percent(f.Noise), fmt.Sprintf("%.4f", f.BCE), decibels(f.PSNRNoisy), decibels(f.PSNR),
		share(f.AccuracyNoisy), share(f.Accuracy), share(f.AccuracyClean)}
}

// A tester measures the test pictures, which Ctrl-C does not end, and collects a picture of some of them.
type tester struct {
	*lab.Lab
	model, classifier *graph.Model
	test              graph.Arrays // clean pictures and their classes
	samples           []int        // the test pictures to draw
	sheet             sheet.Sheet
}

// show measures the test pictures at each amount of noise, prints the figures, and draws a dozen of the pictures.
func show(l *lab.Lab, n noise, model, classifier *graph.Model) ([]figures, error) {
	t := &tester{Lab: l, model: model, classifier: classifier, test: l.Images.Test.Arrays(), samples: l.Images.Samples(12)}
	t.sheet = sheet.Sheet{
		Title: "Pictures whose pixels were replaced by random values, and what the network makes of them.\n" +
			"Below each one: what a classifier takes it for, in red if it is wrong.",
		Width: l.Images.Test.Cols, Height: l.Images.Test.Rows,
	}
	clean, cleanRow, err := t.read(t.test.X, "original")
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"noise", "BCE", "PSNR: noisy", "denoised", "read right: noisy", "denoised", "clean"}}
	var list []figures
	for _, amount := range n.amounts() {
		f, err := t.measure(amount)
		if err != nil {
			return nil, err
		}
		f.AccuracyClean = clean
		list, rows = append(list, f), append(rows, f.cells())
	}
	cleanRow.Gap = true
	t.sheet.Rows = append(t.sheet.Rows, cleanRow)
	fmt.Fprintf(l.Stdout, "\non %d test pictures:\n", t.test.Len())
	if err := lab.Table(l.Stdout, rows...); err != nil {
		return nil, err
	}
	if err := t.sheet.Save(l.Path(pictures)); err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s\n", l.Out, pictures, curves, lab.LogFile, lab.Weights)
	return list, nil
}

// measure tests one amount of noise, and adds two rows to the sheet.
func (t *tester) measure(amount float64) (figures, error) {
	f := figures{Noise: amount}
	data := noise{amount: amount}.on(t.test, t.Seed)
	logs, err := t.model.Evaluate(context.Background(), data)
	if err != nil {
		return f, err
	}
	f.BCE = logs["loss"]
	for batch, err := range data.Batches(0, nil) { // one batch of all
		if err != nil {
			return f, err
		}
		denoised, err := t.model.Predict(context.Background(), batch.X)
		if err != nil {
			return f, err
		}
		for _, p := range []struct {
			name     string
			pictures *graph.Tensor
			psnr     *float64
			accuracy *float64
		}{
			{percent(amount) + " noise", batch.X, &f.PSNRNoisy, &f.AccuracyNoisy},
			{"denoised", denoised, &f.PSNR, &f.Accuracy},
		} {
			if *p.psnr, err = score.PSNR(p.pictures, batch.Y); err != nil {
				return f, err
			}
			var row sheet.Row
			caption := fmt.Sprintf("%s\n%.2f dB", p.name, *p.psnr)
			if *p.accuracy, row, err = t.read(p.pictures, caption); err != nil {
				return f, err
			}
			row.Gap = p.pictures == batch.X
			t.sheet.Rows = append(t.sheet.Rows, row)
		}
	}
	return f, nil
}

// read returns the share of test pictures that the classifier reads right, and a row of the sheet with its readings.
func (t *tester) read(pictures *graph.Tensor, caption string) (accuracy float64, row sheet.Row, err error) {
	p, err := t.classifier.Predict(context.Background(), pictures)
	if err != nil {
		return 0, row, err
	}
	row.Caption = caption
	pixels, classes, size := pictures.Data().([]float32), reader.Read(p), t.sheet.Width*t.sheet.Height
	for _, i := range t.samples {
		row.Cells = append(row.Cells, sheet.Cell{
			Pixels: pixels[i*size:][:size],
			Text:   strconv.Itoa(classes[i]),
			Wrong:  classes[i] != int(t.Images.Test.Labels[i]),
		})
	}
	return metrics.Accuracy{}.Score(p, t.test.Y), row, nil
}
