package main

import (
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/features"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// A problem generates points and their classes.
type problem struct {
	points  func(n int, seed uint64) graph.Arrays
	classes int
}

func problems() *choose.Flag[problem] {
	return choose.Of(
		choose.Option[problem]{Name: "four", Value: problem{datasets.FourGaussians, 4}},
		choose.Option[problem]{Name: "two", Value: problem{datasets.TwoGaussians, 2}},
		choose.Option[problem]{Name: "stripes", Value: problem{datasets.FourStripes, 4}},
	)
}

// A criterion is a loss with its final activation and form of targets.
type criterion struct {
	loss   graph.Loss
	end    graph.Layer // final activation of the network
	oneHot bool        // targets are rows of 0 and 1, not class numbers
}

func lossFlag() *choose.Flag[criterion] {
	return choose.Of(
		choose.Option[criterion]{Name: "sparse-cce", Value: criterion{losses.SparseCategoricalCrossEntropy{}, layers.Softmax{}, false}},
		choose.Option[criterion]{Name: "cce", Value: criterion{losses.CategoricalCrossEntropy{}, layers.Softmax{}, true}},
		choose.Option[criterion]{Name: "sparse-bce", Value: criterion{losses.SparseBinaryCrossEntropy{}, layers.Sigmoid{}, false}},
		choose.Option[criterion]{Name: "bce", Value: criterion{losses.BinaryCrossEntropy{}, layers.Sigmoid{}, true}},
	)
}

// parts are points with targets in the form of the loss; shown holds the test points with class numbers.
type parts struct {
	train, valid, test, shown graph.Arrays
}

// data generates the points, or, with -data, computes two features of each image. It also returns the number of classes.
func (s settings) data(l *lab.Lab) (parts, int, error) {
	var p parts
	classes := s.Problem.Value().classes
	if l.Data == "" {
		make := s.Problem.Value().points
		p = parts{train: make(l.Train, 3*l.Seed), valid: make(l.Valid, 3*l.Seed+1), test: make(1000, 3*l.Seed+2)}
	} else {
		classes = l.Images.Classes()
		var err error
		if p.train.X, p.valid.X, p.test.X, err = features.Points(l.Images); err != nil {
			return p, 0, err
		}
		p.train.Y, p.valid.Y, p.test.Y = l.Images.Train.Y(), l.Images.Valid.Y(), l.Images.Test.Y()
	}
	p.shown = p.test
	if s.Loss.Value().oneHot {
		for _, y := range []**graph.Tensor{&p.train.Y, &p.valid.Y, &p.test.Y} {
			var err error
			if *y, err = datasets.OneHot(*y, classes); err != nil {
				return p, 0, err
			}
		}
	}
	return p, classes, nil
}
