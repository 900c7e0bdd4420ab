// Package features turns images into points in a plane, so that the toy problems can run on any set of images.
package features

import (
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"gorgonia.org/tensor"
)

// Points returns two features of each image, of shape (images, 2): the brightness of its right half minus that of its left
// half, and of its upper half minus its lower half. Both are standardized by the mean and variance of the training images.
func Points(m lab.Images) (train, valid, test *graph.Tensor, err error) {
	train, valid, test = differences(m.Train), differences(m.Valid), differences(m.Test)
	scaler, err := datasets.MeanVariance(train)
	for _, x := range []**graph.Tensor{&train, &valid, &test} {
		if err == nil {
			*x, err = scaler.Apply(*x)
		}
	}
	return train, valid, test, err
}

// differences returns the features before standardization. A middle row or column belongs to neither half.
func differences(m *datasets.Images) *graph.Tensor {
	points := make([]float32, 2*m.Len())
	for i := range m.Len() {
		sums := points[2*i:][:2]
		for p, v := range m.Pixels[i*m.Rows*m.Cols:][:m.Rows*m.Cols] {
			sums[0] += side(p%m.Cols, m.Cols) * float32(v)
			sums[1] -= side(p/m.Cols, m.Rows) * float32(v)
		}
	}
	return tensor.New(tensor.WithShape(m.Len(), 2), tensor.WithBacking(points))
}

// side returns -1 for the first half of n places, 1 for the second half, and 0 for the middle.
func side(place, n int) float32 {
	switch d := 2*place + 1 - n; {
	case d < 0:
		return -1
	case d > 0:
		return 1
	}
	return 0
}
