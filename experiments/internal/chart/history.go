package chart

import "github.com/nndiy/nndiy/graph"

// Loss returns the curves of the loss in training and in validation, with a mark at the best epoch.
func Loss(title, what string, h graph.History, best int) Curves {
	return of(title, what, "loss", h, best)
}

// Accuracy returns the curves of the accuracy in training and in validation, with a mark at the best epoch.
func Accuracy(title string, h graph.History, best int) Curves {
	c := of(title, "accuracy", "accuracy", h, best)
	c.Rising = true
	return c
}

// of returns the curves of a log name.
func of(title, what, name string, h graph.History, best int) Curves {
	return Curves{Title: title, Y: what, Marked: best, Lines: []Line{
		{"training", h.Series("train_" + name)}, {"validation", h.Series("valid_" + name)},
	}}
}
