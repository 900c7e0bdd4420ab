package main

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// The names of the diagrams: of every table, of classes, and of numbers.
const (
	curves      = "loss.png"
	importance  = "importance.png"
	confusion   = "confusion.png"
	calibration = "calibration.png"
	roc         = "roc.png"
	recall      = "precision_recall.png"
	predictions = "predictions.png"
)

// A diagram is written to a file.
type diagram interface{ Save(path string) error }

// draw draws the diagrams of the test rows.
func (s settings) draw(ctx context.Context, r shown, columns falls, score string) error {
	bars := chart.Bars{Title: "Fall of the " + score + " if a column is shuffled", X: "importance"}
	for _, f := range columns.first(20) {
		bars.Names, bars.Values, bars.Deviation = append(bars.Names, f.name), append(bars.Values, f.by), append(bars.Deviation, f.deviation)
	}
	diagrams := map[string]diagram{curves: chart.Loss("Predicting "+r.target, "loss", r.deep.history, r.deep.best), importance: bars}
	data, err := r.deep.columns.Arrays(r.test)
	if err != nil {
		return err
	}
	pred, err := r.deep.model.Predict(ctx, data.X)
	if err != nil {
		return err
	}
	if r.deep.columns.Classes == nil {
		diagrams[predictions] = scatter(r.target, data.Y.Float32s(), pred.Float32s())
	} else if err := r.classes(diagrams, pred, data.Y); err != nil {
		return err
	}
	for name, d := range diagrams {
		if err := d.Save(filepath.Join(s.Out, name)); err != nil {
			return err
		}
	}
	return nil
}

// classes adds the diagrams of a classifier. The curves are of class 1 of two, else of each class against the others, at most ten.
func (r shown) classes(diagrams map[string]diagram, pred, y *graph.Tensor) error {
	names := r.deep.columns.Classes
	counts, err := metrics.ConfusionMatrix(pred, y)
	if err != nil {
		return err
	}
	counts.Names = names
	if len(names) <= 40 {
		diagrams[confusion] = chart.Confusion{Title: r.target, Counts: counts}
	}
	curve, err := metrics.Calibration(pred, y, 10)
	if err != nil {
		return err
	}
	diagrams[calibration] = chart.Calibration("How sure, how often right", []string{"network"}, []metrics.CalibrationCurve{curve})
	var named []string
	var rates []metrics.ROCCurve
	var precisions []metrics.PrecisionRecallCurve
	for class, name := range names[:min(len(names), 10)] {
		if n := counts.True(class); n == 0 || n == counts.Total() || len(names) == 2 && class == 0 {
			continue // no curve, or that of class 1 again
		}
		a, err := metrics.ROC(pred, y, class)
		if err != nil {
			return err
		}
		b, err := metrics.PrecisionRecall(pred, y, class)
		if err != nil {
			return err
		}
		named, rates, precisions = append(named, name), append(rates, a), append(precisions, b)
	}
	if len(named) > 0 {
		diagrams[roc] = chart.ROC("ROC curve of "+r.target, named, rates)
		diagrams[recall] = chart.PrecisionRecall("Precision and recall of "+r.target, named, precisions)
	}
	return nil
}

// scatter draws predictions over the true numbers.
func scatter(target string, y, pred []float32) diagram {
	at := make([][2]float64, len(y))
	low, high := float64(slices.Min(y)), float64(slices.Max(y))
	for i := range y {
		at[i] = [2]float64{float64(y[i]), float64(pred[i])}
	}
	equal := [][2]float64{{low, low}, {high, high}}
	return chart.Points{Title: "Test rows", X: target, Y: "prediction", At: at, Lines: []chart.Polyline{{Name: "equal", At: equal}},
		Frame: chart.Frame(append(slices.Clone(at), equal...)), LegendBelow: true}
}
