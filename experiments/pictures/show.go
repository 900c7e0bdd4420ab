package main

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// files are the names of the files that the experiment writes.
var files = []string{lab.LogFile, lab.Weights, "loss.png", "accuracy.png", "confusion.png", "calibration.png", "saliency.png"}

// show evaluates the model on the test pictures and draws the results. The validation pictures say how to make it as sure as it is
// right.
func (r *result) show(l *lab.Lab, model *graph.Model, valid, test *datasets.PictureSet, h graph.History) error {
	all, pred, err := predicted(l, model, test)
	if err != nil {
		return err
	}
	before, known, err := predicted(l, model, valid)
	if err != nil {
		return err
	}
	if r.Temperature, err = metrics.Temperature(powered(known, 0), before.Y); err != nil {
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
	scaled, err := metrics.Calibration(powered(pred, r.Temperature), all.Y, 10)
	if err != nil {
		return err
	}
	r.Accuracy, r.Calibration, r.Scaled = table.Accuracy(), curve.Error(), scaled.Error()
	fmt.Fprintf(l.Stdout, "\n%s\ntest accuracy %.4f, calibration error %.4f, and %.4f with logits divided by %.3g; training waited for data %.1f%% of the time\n",
		table.Report(), r.Accuracy, r.Calibration, r.Scaled, r.Temperature, 100*r.Waiting)
	decisive, err := deciding(l, model, all.X)
	if err != nil {
		return err
	}
	diagrams := map[string]interface{ Save(path string) error }{
		"loss.png":      chart.Loss("Pictures", "cross-entropy", h, r.BestEpoch),
		"accuracy.png":  chart.Accuracy("Pictures", h, r.BestEpoch),
		"confusion.png": chart.Confusion{Title: "Pictures", Counts: table},
		"calibration.png": chart.Calibration("How sure, how often right", []string{"network", fmt.Sprintf("temperature %.3g", r.Temperature)},
			[]metrics.CalibrationCurve{curve, scaled}),
		"saliency.png": decisive,
	}
	for name, d := range diagrams {
		if err := d.Save(l.Path(name)); err != nil {
			return err
		}
	}
	return nil
}

// predicted returns all pictures of a set, and the model's output for them.
func predicted(l *lab.Lab, model *graph.Model, set *datasets.PictureSet) (all graph.Batch, pred *graph.Tensor, err error) {
	for b, err := range (datasets.Prefetch{From: set}).Batches(0, nil) {
		if err != nil {
			return all, nil, err
		}
		all = b
	}
	pred, err = model.Predict(l.Context, all.X)
	return all, pred, err
}

// powered returns the probabilities of logits that are divided by a temperature, from those without; for a temperature of 0, their
// logarithms, which are logits.
func powered(p *graph.Tensor, temperature float64) *graph.Tensor {
	k, values := p.Shape()[1], p.Float32s()
	out := make([]float32, len(values))
	for i := 0; i < len(out); i += k {
		sum, most := 0.0, math.Log(float64(slices.Max(values[i:i+k])))
		for j, v := range values[i : i+k] {
			z := math.Log(max(float64(v), math.SmallestNonzeroFloat32)) - most
			if out[i+j] = float32(z); temperature > 0 {
				out[i+j] = float32(math.Exp(z / temperature))
			}
			sum += float64(out[i+j])
		}
		for j := range k {
			if temperature > 0 {
				out[i+j] /= float32(sum)
			}
		}
	}
	return tensor.New(tensor.WithShape(p.Shape()...), tensor.WithBacking(out))
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
