package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// figures are the measurements on the test images at one amount of noise.
type figures struct {
	Noise         float64 `json:"noise"`          // fraction of the pixels that are replaced
	BCE           float64 `json:"bce"`            // binary cross-entropy of the denoised images
	PSNRNoisy     float64 `json:"psnr_noisy"`     // of the noisy images, in dB
	PSNR          float64 `json:"psnr"`           // of the denoised images, in dB
	AccuracyNoisy float64 `json:"accuracy_noisy"` // of the classifier, 0 to 1
	Accuracy      float64 `json:"accuracy"`       // on the denoised images
	AccuracyClean float64 `json:"accuracy_clean"`
}

// cells returns the figures as a row of the table.
func (f figures) cells() []string {
	decibels := func(v float64) string { return fmt.Sprintf("%.2f dB", v) }
	accuracy := func(v float64) string { return fmt.Sprintf("%.1f%%", 100*v) }
	return []string{percent(f.Noise), fmt.Sprintf("%.4f", f.BCE), decibels(f.PSNRNoisy), decibels(f.PSNR),
		accuracy(f.AccuracyNoisy), accuracy(f.Accuracy), accuracy(f.AccuracyClean)}
}

// A tester measures the test images and collects some of them in a sheet.
type tester struct {
	*lab.Lab
	model, classifier *graph.Model
	test              graph.Arrays // clean images and their classes
	samples           []int        // indices of the test images to draw
	sheet             sheet.Sheet
}

// measure tests one amount of noise, and adds two rows to the sheet: the noisy and the denoised images.
func (t *tester) measure(amount float64) (figures, error) {
	f := figures{Noise: amount}
	data := noise{amount: amount}.addTo(t.test, t.Seed)
	logs, err := t.model.Evaluate(context.Background(), data)
	if err != nil {
		return f, err
	}
	f.BCE = logs["loss"]
	for batch, err := range data.Batches(0, nil) { // 0 means one batch of all
		if err != nil {
			return f, err
		}
		denoised, err := t.model.Predict(context.Background(), batch.X)
		if err != nil {
			return f, err
		}
		for _, p := range []struct {
			name     string
			images   *graph.Tensor
			psnr     *float64
			accuracy *float64
		}{
			{percent(amount) + " noise", batch.X, &f.PSNRNoisy, &f.AccuracyNoisy},
			{"denoised", denoised, &f.PSNR, &f.Accuracy},
		} {
			*p.psnr = metrics.PSNR{Limit: 100}.Score(p.images, batch.Y)
			var row sheet.Row
			caption := fmt.Sprintf("%s\n%.2f dB", p.name, *p.psnr)
			if *p.accuracy, row, err = t.classify(p.images, caption); err != nil {
				return f, err
			}
			row.Gap = p.images == batch.X
			t.sheet.Rows = append(t.sheet.Rows, row)
		}
	}
	return f, nil
}

// classify returns the classifier's accuracy on images of the test set, and a row of the sheet with its predictions.
func (t *tester) classify(images *graph.Tensor, caption string) (accuracy float64, row sheet.Row, err error) {
	p, err := t.classifier.Predict(context.Background(), images)
	if err != nil {
		return 0, row, err
	}
	row.Caption = caption
	pixels, classes, size := images.Data().([]float32), reader.Read(p), t.sheet.Width*t.sheet.Height
	for _, i := range t.samples {
		row.Cells = append(row.Cells, sheet.Cell{
			Pixels: pixels[i*size:][:size],
			Text:   strconv.Itoa(classes[i]),
			Wrong:  classes[i] != int(t.Images.Test.Labels[i]),
		})
	}
	return metrics.Accuracy{}.Score(p, t.test.Y), row, nil
}
