package main

import (
	"fmt"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// files are the names of the files that the experiment writes.
var files = []string{lab.LogFile, lab.Weights, "loss.png", "accuracy.png", "confusion.png", "calibration.png", "saliency.png"}

// show evaluates the model on the test pictures and draws the results.
func (r *result) show(l *lab.Lab, model *graph.Model, test *datasets.PictureSet, h graph.History) error {
	var all graph.Batch
	for b, err := range (&datasets.Cache{From: datasets.Prefetch{From: test}}).Batches(0, nil) {
		if err != nil {
			return err
		}
		all = b
	}
	pred, err := model.Predict(l.Context, all.X)
	if err != nil {
		return err
	}
	table, err := metrics.ConfusionMatrix(pred, all.Y)
	if err != nil {
		return err
	}
	table.Names = test.Classes.Labels()
	curve, err := metrics.Calibration(pred, all.Y, 10)
	if err != nil {
		return err
	}
	r.Accuracy, r.Calibration = table.Accuracy(), curve.Error()
	fmt.Fprintf(l.Stdout, "\n%s\ntest accuracy %.4f, calibration error %.4f; training waited for data %.1f%% of the time\n",
		table.Report(), r.Accuracy, r.Calibration, 100*r.waited)
	decisive, err := deciding(l, model, all.X)
	if err != nil {
		return err
	}
	diagrams := map[string]interface{ Save(path string) error }{
		"loss.png":        chart.Loss("Pictures", "cross-entropy", h, r.BestEpoch),
		"accuracy.png":    chart.Accuracy("Pictures", h, r.BestEpoch),
		"confusion.png":   chart.Confusion{Title: "Pictures", Counts: table},
		"calibration.png": chart.Calibration("How sure, how often right", curve),
		"saliency.png":    decisive,
	}
	for name, d := range diagrams {
		if err := d.Save(l.Path(name)); err != nil {
			return err
		}
	}
	return nil
}

// deciding draws pictures in grey, and below each how strongly its pixels decide.
func deciding(l *lab.Lab, model *graph.Model, x *graph.Tensor) (sheet.Sheet, error) {
	shape := x.Shape()
	n, plane := min(shape[0], 10), shape[2]*shape[3]
	saliency, err := model.Saliency(l.Context, x)
	if err != nil {
		return sheet.Sheet{}, err
	}
	rows := []sheet.Row{{Caption: "picture"}, {Caption: "what decides"}}
	for r, t := range []*graph.Tensor{x, saliency} {
		values := t.Float32s()
		for i := range n {
			grey, most := make([]float32, plane), float32(1)
			for k := range grey {
				for c := range shape[1] {
					grey[k] += values[(i*shape[1]+c)*plane+k] / float32(shape[1])
				}
			}
			if r == 1 {
				most = 1e-12
				for _, v := range grey {
					most = max(most, v)
				}
			}
			for k := range grey {
				grey[k] /= most
			}
			rows[r].Cells = append(rows[r].Cells, sheet.Cell{Pixels: grey})
		}
	}
	return sheet.Sheet{Title: "Saliency", Width: shape[3], Height: shape[2], Rows: rows}, nil
}
