package main

import (
	"context"
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// The names of the output files.
const (
	pictures = "pictures.png"
	curves   = "loss.png"
	codeMap  = "codes.png" // written if a code has two numbers
)

// show measures the reconstructions of the test images, and draws some of them, the losses, and, if a code has two numbers, a
// map of the codes. Ctrl-C does not end it.
func (r *result) show(l *lab.Lab, model, encoder *graph.Model, valid graph.Arrays, history graph.History) error {
	logs, err := model.Evaluate(context.Background(), valid)
	if err != nil {
		return err
	}
	r.ValidBCE = logs["loss"]
	test := l.Images.Test.X()
	reconstructed, err := model.Predict(context.Background(), test)
	if err != nil {
		return err
	}
	r.PSNR = metrics.PSNR{Limit: 100}.Score(reconstructed, test)
	title := fmt.Sprintf("Auto-encoder, codes of %d numbers", r.Bottleneck)
	if err := r.drawReconstructions(l, title, test, reconstructed); err != nil {
		return err
	}
	if err := chart.Loss(title, "binary cross-entropy", history, r.BestEpoch).Save(l.Path(curves)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d, validation BCE %.4f, PSNR of %d test images %.2f dB\nwritten to %s: %s, %s, %s, %s",
		r.BestEpoch, r.ValidBCE, test.Shape()[0], r.PSNR, l.Out, pictures, curves, lab.LogFile, lab.Weights)
	if r.Bottleneck == 2 {
		if err := drawMap(l, encoder, test); err != nil {
			return err
		}
		fmt.Fprintf(l.Stdout, ", %s", codeMap)
	}
	fmt.Fprintln(l.Stdout)
	return nil
}

// drawReconstructions draws some test images and below them their reconstructions.
func (r *result) drawReconstructions(l *lab.Lab, title string, test, reconstructed *graph.Tensor) error {
	s := sheet.Sheet{Title: title + ": test images, and below them their reconstructions.", Width: l.Images.Test.Cols, Height: l.Images.Test.Rows}
	const columns = 12
	chosen := l.Images.Samples(2 * columns)
	for at := 0; at < len(chosen); at += columns {
		part := chosen[at:min(at+columns, len(chosen))]
		above, below := sheet.Pick("original", test, part), sheet.Pick(fmt.Sprintf("decoded\n%.2f dB", r.PSNR), reconstructed, part)
		above.Gap = true
		s.Rows = append(s.Rows, above, below)
	}
	return s.Save(l.Path(pictures))
}

// drawMap draws the codes of test images as points in a plane, with one colour per class.
func drawMap(l *lab.Lab, encoder *graph.Model, test *graph.Tensor) error {
	codes, err := encoder.Predict(context.Background(), test)
	if err != nil {
		return err
	}
	c := codes.Data().([]float32)
	d := chart.Points{Title: "Codes of test images by class", X: "first number", Y: "second number", Frame: [4]float64{-1.05, 1.3, -1.05, 1.05}}
	for i := range min(len(c)/2, 3000) {
		d.At = append(d.At, [2]float64{float64(c[2*i]), float64(c[2*i+1])})
		d.Class = append(d.Class, int(l.Images.Test.Labels[i]))
	}
	return d.Save(l.Path(codeMap))
}
