package main

import (
	"fmt"
	"slices"
	"strings"
)

// A row is an experiment with flags of its own.
type row struct {
	name       string // of the row and of its folder
	title      string // for people
	experiment string
	flags      string
	quick      bool   // it is one of the quick version
	old        string // what the report says of the old library
	torch      string // what PyTorch reaches with the same network and data
	wanted     string
	measures   []measure
	pictures   []string // files for the page
}

// A measure is a number that is found in the results.
type measure struct {
	key, name, unit string
	less            string  // key of a number that is taken away from it, if any
	least           float64 // that is wanted; 0 is none. With beside, by how much it may differ
	beside          string  // row that it is compared with
	besideKey       string  // the number there, if its key is another
}

// quickFlags make an experiment small.
const quickFlags = "-train=600 -valid=200 -epochs=1"

// small is the row of the quick version, which is not expected to reach anything.
func (w row) small() row {
	w.wanted, w.measures = "", slices.Clone(w.measures)
	for i := range w.measures {
		w.measures[i].least, w.measures[i].beside = 0, ""
	}
	return w
}

// What rows of one kind measure.
var (
	classifierPictures = []string{"pictures.png", "confusion.png", "accuracy.png", "loss.png"}
	denoised           = []measure{{key: "psnr", unit: "dB"}, {key: "test_accuracy", name: "read right", unit: "%"}}
)

// right is the share of pictures that a classifier gets right, at least so many of the validation pictures.
func right(least float64) []measure {
	return []measure{{key: "valid_accuracy", unit: "%", least: least}, {key: "test_accuracy", name: "test", unit: "%"},
		{key: "train_accuracy", name: "train", unit: "%"}}
}

// overfit is what right has, and how much fewer of the validation pictures than of those of the training are right. If it names
// another row, there must not be more that are fewer than there.
func overfit(least float64, beside string) []measure {
	return append(right(least), measure{key: "valid_accuracy", less: "train_accuracy", name: "from train to valid", unit: "%", beside: beside})
}

// decoded are what an auto-encoder measures, at least so many of its codes being read right.
func decoded(least float64) []measure {
	return []measure{{key: "latent_accuracy", name: "of codes", unit: "%", least: least}, {key: "psnr", unit: "dB"}}
}

// clean are what a denoiser measures: so many decibels at least, and so many pictures read right.
func clean(decibels, accuracy float64) []measure {
	list := append([]measure(nil), denoised...)
	list[0].least, list[1].least = decibels, accuracy
	return list
}

// near are what the denoiser of any amount measures at each amount: at most a decibel less than the row for that amount, which
// is denoise- and one of the names.
func near(names ...string) []measure {
	list := make([]measure, len(names))
	for i, name := range names {
		amount, _, _ := strings.Cut(name, "-")
		list[i] = measure{key: fmt.Sprintf("test.%d.psnr", i), name: "at " + amount + "%", unit: "dB", least: -1, beside: "denoise-" + name, besideKey: "psnr"}
	}
	return list
}
