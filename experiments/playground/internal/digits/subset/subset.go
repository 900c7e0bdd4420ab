// Package subset cuts the page's digits out of MNIST. It is apart from package digits, since a program that imports it contains
// all of MNIST.
package subset

import (
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/playground/internal/digits"
)

// Make returns the first images of MNIST's two sets, unchanged and in their order.
func Make() (*digits.Set, error) {
	train, test, err := datasets.MNIST()
	if err != nil {
		return nil, err
	}
	return &digits.Set{Train: first(train, digits.Train), Test: first(test, digits.Test)}, nil
}

// first returns the first n images.
func first(m *datasets.Images, n int) *datasets.Images {
	return &datasets.Images{Rows: m.Rows, Cols: m.Cols, Pixels: m.Pixels[:n*m.Rows*m.Cols], Labels: m.Labels[:n]}
}
