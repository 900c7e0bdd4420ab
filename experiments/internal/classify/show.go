// Package classify shows how well a network tells what pictures show.
package classify

import (
	"context"
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/metrics"
)

// The files that Show writes.
const (
	Pictures  = "pictures.png"
	Loss      = "loss.png"
	Accuracy  = "accuracy.png"
	Confusion = "confusion.png"
)

// Files are the files that an experiment with Lab.Fit and Show writes.
var Files = []string{Pictures, Loss, Accuracy, Confusion, lab.LogFile, lab.Weights}

// A Result is what a classifier's JSON says.
type Result struct {
	lab.Training
	TrainAccuracy float64 `json:"train_accuracy"` // of the weights that are kept, without dropout, as for the rest
	ValidAccuracy float64 `json:"valid_accuracy"`
	TestAccuracy  float64 `json:"test_accuracy"`
}

// A Report is what there is to show about a classifier.
type Report struct {
	Title              string // of the curves
	Model              *graph.Model
	Train, Valid, Test graph.Arrays // the pictures in the model's form; Test has all of the lab's
	History            graph.History
	Training           lab.Training
}

// Show measures the model, prints the figures, and draws curves, the table of confusion, and some pictures with what the
// network takes them for. Ctrl-C does not end it.
func Show(l *lab.Lab, r Report) (Result, error) {
	ctx, result := context.Background(), Result{Training: r.Training}
	probabilities, err := r.Model.Predict(ctx, r.Test.X)
	if err != nil {
		return result, err
	}
	confusion, err := metrics.ConfusionMatrix(probabilities, r.Test.Y)
	if err != nil {
		return result, err
	}
	result.TestAccuracy = confusion.Accuracy()
	for _, part := range []struct {
		data     graph.Arrays
		accuracy *float64
	}{{r.Train, &result.TrainAccuracy}, {r.Valid, &result.ValidAccuracy}} {
		logs, err := r.Model.Evaluate(ctx, part.data)
		if err != nil {
			return result, err
		}
		*part.accuracy = logs["accuracy"]
	}
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: %.2f%% of the training pictures are right, %.2f%% of the validation pictures, and of the test pictures:\n%v",
		r.Training.BestEpoch, 100*result.TrainAccuracy, 100*result.ValidAccuracy, confusion)
	for _, d := range []struct {
		file    string
		diagram interface{ Save(path string) error }
	}{
		{Loss, chart.Loss(r.Title, "cross-entropy", r.History, r.Training.BestEpoch)},
		{Accuracy, chart.Accuracy(r.Title, r.History, r.Training.BestEpoch)},
		{Confusion, chart.Confusion{Title: fmt.Sprintf("%s: %.2f%% of %d test pictures", r.Title, 100*result.TestAccuracy, r.Test.Len()), Counts: confusion}},
		{Pictures, samples(l, probabilities)},
	} {
		if err := d.diagram.Save(l.Path(d.file)); err != nil {
			return result, err
		}
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s\n", l.Out, strings.Join(Files, ", "))
	return result, nil
}
