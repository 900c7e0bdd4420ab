package main

import (
	"context"
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/score"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// The files that are written.
const (
	pictures = "pictures.png"
	curves   = "loss.png"
	codeMap  = "codes.png" // of codes of two numbers
)

// show measures how close the drawings of the test pictures come, and draws some of them, the losses, and, if a code is two
// numbers, a map of the codes. Ctrl-C does not end it.
func show(l *lab.Lab, model, encoder *graph.Model, history graph.History, r *result) (psnr float64, err error) {
	title, test := fmt.Sprintf("Auto-encoder, %d numbers a picture", r.Bottleneck), l.Images.Test.X()
	drawn, err := model.Predict(context.Background(), test)
	if err != nil {
		return 0, err
	}
	if psnr, err = score.PSNR(drawn, test); err != nil {
		return 0, err
	}
	s := sheet.Sheet{Title: title + ": above test pictures, below what comes out of the network.", Width: l.Images.Test.Cols, Height: l.Images.Test.Rows}
	const columns = 12
	chosen := l.Images.Samples(2 * columns)
	for at := 0; at < len(chosen); at += columns {
		part := chosen[at:min(at+columns, len(chosen))]
		original, copied := sheet.Pick("original", test, part), sheet.Pick(fmt.Sprintf("drawn\n%.2f dB", psnr), drawn, part)
		original.Gap = true
		s.Rows = append(s.Rows, original, copied)
	}
	if err := s.Save(l.Path(pictures)); err != nil {
		return 0, err
	}
	if err := chart.Loss(title, "binary cross-entropy", history, r.BestEpoch).Save(l.Path(curves)); err != nil {
		return 0, err
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d, validation BCE %.4f, PSNR of %d test pictures %.2f dB\nwritten to %s: %s, %s, %s, %s",
		r.BestEpoch, r.ValidBCE, test.Shape()[0], psnr, l.Out, pictures, curves, lab.LogFile, lab.Weights)
	if r.Bottleneck == 2 {
		if err := drawMap(l, encoder, test); err != nil {
			return 0, err
		}
		fmt.Fprintf(l.Stdout, ", %s", codeMap)
	}
	fmt.Fprintln(l.Stdout)
	return psnr, nil
}

// drawMap draws the codes of test pictures as points of a plane, in a colour for each class.
func drawMap(l *lab.Lab, encoder *graph.Model, test *graph.Tensor) error {
	codes, err := encoder.Predict(context.Background(), test)
	if err != nil {
		return err
	}
	c := codes.Data().([]float32)
	d := chart.Points{Title: "Codes of test pictures by class", X: "first number", Y: "second number", Frame: [4]float64{-1.05, 1.3, -1.05, 1.05}}
	for i := range min(len(c)/2, 3000) {
		d.At = append(d.At, [2]float64{float64(c[2*i]), float64(c[2*i+1])})
		d.Class = append(d.Class, int(l.Images.Test.Labels[i]))
	}
	return d.Save(l.Path(codeMap))
}
