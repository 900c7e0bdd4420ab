// Package classify measures an image classifier and draws the results.
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

// The names of the files that Show writes.
const (
	Pictures  = "pictures.png"
	Loss      = "loss.png"
	Accuracy  = "accuracy.png"
	Confusion = "confusion.png"
)

// Files lists the files that Lab.Fit and Show write.
var Files = []string{Pictures, Loss, Accuracy, Confusion, lab.LogFile, lab.Weights}

// A Result is a classifier's part of the JSON. Accuracies are from 0 to 1, of the weights that are kept.
type Result struct {
	lab.Training
	TrainAccuracy float64 `json:"train_accuracy"` // in inference mode, without dropout
	ValidAccuracy float64 `json:"valid_accuracy"`
	TestAccuracy  float64 `json:"test_accuracy"`
}

// A Report is the input of Show: a trained classifier, its data and its history.
type Report struct {
	Title              string // title of the diagrams
	Model              *graph.Model
	Train, Valid, Test graph.Arrays // the images as the model's input; Test must hold all test images of the lab
	History            graph.History
	Training           lab.Training
}

// Show measures the model, prints the figures, and draws the curves, the confusion matrix, and some images with their predicted
// classes. Ctrl-C does not end it.
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
	fmt.Fprintf(l.Stdout, "\nbest epoch %d: accuracy %.2f%% on the training images, %.2f%% on the validation images, and on the test images:\n%v",
		r.Training.BestEpoch, 100*result.TrainAccuracy, 100*result.ValidAccuracy, confusion)
	for _, d := range []struct {
		file    string
		diagram interface{ Save(path string) error }
	}{
		{Loss, chart.Loss(r.Title, "cross-entropy", r.History, r.Training.BestEpoch)},
		{Accuracy, chart.Accuracy(r.Title, r.History, r.Training.BestEpoch)},
		{Confusion, chart.Confusion{Title: fmt.Sprintf("%s: %.2f%% of %d test images", r.Title, 100*result.TestAccuracy, r.Test.Len()), Counts: confusion}},
		{Pictures, samples(l, probabilities)},
	} {
		if err := d.diagram.Save(l.Path(d.file)); err != nil {
			return result, err
		}
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s\n", l.Out, strings.Join(Files, ", "))
	return result, nil
}
