package main

import (
	"context"
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files.
const (
	samples  = "samples.png"  // new images
	progress = "progress.png" // images from the same noise at several epochs
	curves   = "loss.png"
)

const columns = 12 // images in a row

// show draws new images, the progress and the losses, and writes the models. Then it trains a classifier to judge the new
// images. Ctrl-C does not end it.
func (r *result) show(l *lab.Lab, g *game, t *training) error {
	drawn, err := g.generator.Predict(context.Background(), g.noise(1000))
	if err != nil {
		return err
	}
	if n := len(t.generator); n > 0 {
		r.DiscriminatorLoss, r.GeneratorLoss = t.discriminator[n-1], t.generator[n-1]
	}
	s := sheet.Sheet{Title: "New images, generated from noise.", Width: l.Images.Train.Cols, Height: l.Images.Train.Rows}
	for row := range columns {
		var places []int
		for i := range columns {
			places = append(places, row*columns+i)
		}
		s.Rows = append(s.Rows, sheet.Pick("", drawn, places))
	}
	steps := s
	steps.Title, steps.Rows = "Images from the same noise in the course of the training.", t.progress
	for _, d := range []struct {
		file    string
		diagram interface{ Save(path string) error }
	}{
		{samples, s}, {progress, steps},
		{curves, chart.Curves{Title: "Generative adversarial network", Y: "cross-entropy", Lines: []chart.Line{
			{Name: "generator", Values: t.generator}, {Name: "discriminator", Values: t.discriminator},
		}}},
	} {
		if err := d.diagram.Save(l.Path(d.file)); err != nil {
			return err
		}
	}
	if err := g.deceiver.SaveFile(l.Path(lab.Weights)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s, %s\n\ntraining a classifier, to judge the new images:\n", l.Out, samples, progress, curves, lab.Weights)
	classifier, training, err := reader.Train(l, l.Images.Train.Arrays(), l.Images.Valid.Arrays(), 3)
	if err != nil {
		return err
	}
	r.Interrupted = r.Interrupted || training.Interrupted
	return r.judge(l, classifier, tensor.New(tensor.WithShape(drawn.Shape()[0], s.Width*s.Height), tensor.WithBacking(drawn.Float32s())))
}

// judge sets how legible a classifier finds the new images, and how well it reads the test images.
func (r *result) judge(l *lab.Lab, classifier *graph.Model, drawn *graph.Tensor) error {
	classes, legible, err := read(classifier, l.Images.Test.X())
	if err != nil {
		return err
	}
	right := 0
	for i, c := range classes {
		if c == int(l.Images.Test.Labels[i]) {
			right++
		}
	}
	n := float64(len(classes))
	r.ClassifierAccuracy, r.LegibleTest = float64(right)/n, float64(sum(legible))/n

	if classes, legible, err = read(classifier, drawn); err != nil {
		return err
	}
	total := sum(legible)
	r.Legible, r.Rarest = float64(total)/float64(len(classes)), float64(slices.Min(legible))/float64(max(1, total))
	for _, n := range legible {
		r.Classes += min(n, 1)
	}
	fmt.Fprintf(l.Stdout, "\nThe classifier reads %.1f%% of the test images correctly, and gives one class more than 90%% for %.1f%% of them.\n", 100*r.ClassifierAccuracy, 100*r.LegibleTest)
	_, err = fmt.Fprintf(l.Stdout, "Of %d new images, %.1f%% are legible in this sense, in %d classes: %v\n", len(classes), 100*r.Legible, r.Classes, legible)
	return err
}

// read returns the most probable class of each image, and for each class the number of images that get it with a probability
// above 90%.
func read(classifier *graph.Model, images *graph.Tensor) (classes, legible []int, err error) {
	probabilities, err := classifier.Predict(context.Background(), images)
	if err != nil {
		return nil, nil, err
	}
	classes, legible = reader.Read(probabilities), make([]int, probabilities.Shape()[1])
	for i, c := range classes {
		if probabilities.Float32s()[i*len(legible)+c] > 0.9 {
			legible[c]++
		}
	}
	return classes, legible, nil
}

func sum(list []int) (total int) {
	for _, n := range list {
		total += n
	}
	return total
}
