package chart

import "github.com/nndiy/nndiy/graph"

// Loss returns the curves of train_loss and valid_loss, with a mark at the best epoch. Unit labels the axis of the loss.
func Loss(title, unit string, h graph.History, best int) Curves {
	return seriesOf(title, unit, "loss", h, best)
}

// Accuracy returns the curves of train_accuracy and valid_accuracy, with a mark at the best epoch.
func Accuracy(title string, h graph.History, best int) Curves {
	c := seriesOf(title, "accuracy", "accuracy", h, best)
	c.Rising = true
	return c
}

// seriesOf returns the curves of a log name in training and validation.
func seriesOf(title, unit, name string, h graph.History, best int) Curves {
	return Curves{Title: title, Y: unit, Marked: best, Lines: []Line{
		{"training", h.Series("train_" + name)}, {"validation", h.Series("valid_" + name)},
	}}
}
