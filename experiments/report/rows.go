package main

import (
	"fmt"
	"slices"
	"strings"
)

// A row is an experiment with its flags, and the figures to compare it with.
type row struct {
	name       string // name of the row and of its folder
	title      string // name in the table
	experiment string // name of the command
	flags      string
	quick      bool   // part of the quick version
	fewer      string // further flags of the quick version, beside quickFlags
	noData     bool   // the command has no flag -data, or not beside the flags
	noEpochs   bool   // the command has no flag -epochs
	noSizes    bool   // the command has no flags -train and -valid
	old        string // figure of the old library, from its report
	torch      string // figure of PyTorch with the same network and data
	target     string
	measures   []measure
	pictures   []string // files to show in the page
}

// A measure is a number in the results.
type measure struct {
	key, name, unit string
	minus           string  // key of a number to subtract; "" means none
	least           float64 // smallest acceptable value; 0 means none. With reference, it is relative to the reference
	most            float64 // largest acceptable value, of errors; 0 means none
	reference       string  // name of the row to compare with; "" means none
	referenceKey    string  // key of the number in that row; "" means key
}

// quickFlags are the flags of the quick version.
const quickFlags = "-train=600 -valid=200 -epochs=1"

// small returns the row for the quick version, without a target.
func (w row) small() row {
	w.target, w.measures = "", slices.Clone(w.measures)
	for i := range w.measures {
		w.measures[i].least, w.measures[i].most, w.measures[i].reference = 0, 0, ""
	}
	w.flags = strings.TrimSpace(w.flags + " " + w.fewer)
	return w
}

// The pictures and measures of several rows.
var (
	classifierPictures = []string{"pictures.png", "confusion.png", "accuracy.png", "loss.png"}
	denoised           = []measure{{key: "psnr", unit: "dB"}, {key: "test_accuracy", name: "classified correctly", unit: "%"}}
)

// accuracy returns the measures of a classifier; least is the smallest acceptable validation accuracy, 0 for none.
func accuracy(least float64) []measure {
	return []measure{{key: "valid_accuracy", unit: "%", least: least}, {key: "test_accuracy", name: "test", unit: "%"},
		{key: "train_accuracy", name: "train", unit: "%"}}
}

// overfit returns the measures of accuracy, and the validation accuracy minus the training accuracy, which must not be below
// that of the reference row, if one is named.
func overfit(least float64, reference string) []measure {
	return append(accuracy(least), measure{key: "valid_accuracy", minus: "train_accuracy", name: "from train to valid", unit: "%", reference: reference})
}

// codes returns the measures of an auto-encoder; least is the smallest acceptable accuracy of the classifier on codes.
func codes(least float64) []measure {
	return []measure{{key: "latent_accuracy", name: "on codes", unit: "%", least: least}, {key: "psnr", unit: "dB"}}
}

// clean returns the measures of a denoiser with their smallest acceptable values.
func clean(decibels, accuracy float64) []measure {
	list := append([]measure(nil), denoised...)
	list[0].least, list[1].least = decibels, accuracy
	return list
}

// balanced returns the measures of agents that learn; least is the smallest acceptable fraction of the seeds that reach the goal.
func balanced(least float64) []measure {
	return []measure{{key: "solved", name: "of the seeds", unit: "%", least: least}, {key: "episodes", name: "episodes"},
		{key: "valid_return", name: "mean return without exploration"}}
}

// near returns the measures of a denoiser for any amount of noise: at each amount, the PSNR may be at most 1 dB below that of
// the row for that amount, which is "denoise-" plus one of the names.
func near(names ...string) []measure {
	list := make([]measure, len(names))
	for i, name := range names {
		amount, _, _ := strings.Cut(name, "-")
		list[i] = measure{key: fmt.Sprintf("test.%d.psnr", i), name: "at " + amount + "%", unit: "dB", least: -1, reference: "denoise-" + name, referenceKey: "psnr"}
	}
	return list
}

// solved returns the measures of a differential equation's solution; largest and relative are the acceptable errors, 0 for any.
func solved(largest, relative float64) []measure {
	return []measure{{key: "max_error", name: "largest error", most: largest}, {key: "l2", name: "relative error", unit: "%", most: relative}}
}

// tableRow returns the row of a table that comes with the experiment; least is the smallest acceptable mean score of five folds.
func tableRow(name, title, unit string, least float64) row {
	return row{name: "table-" + name, title: title, experiment: "table", flags: "-folds 5 -data " + name, fewer: "-folds 2 -repeats 1",
		quick: name == "iris", noData: true, noSizes: true, target: fmt.Sprintf("%.2f in 5 folds", least), pictures: []string{"importance.png", "loss.png"}, measures: []measure{
			{key: "folds_score", name: "in 5 folds", unit: unit, least: least}, {key: "test_score", name: "test", unit: unit},
			{key: "linear_score", name: "linear", unit: unit}, {key: "constant_score", name: "constant", unit: unit}}}
}
