package main

import (
	"context"
	"fmt"
	"image"
	"image/color"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// watch returns a function for callbacks.Live that draws the first validation images: with noise, denoised, and clean.
func watch(valid datasets.PixelNoise, rows, columns int) func(*graph.Run) ([]callbacks.TaggedImage, error) {
	const most = 8
	return func(r *graph.Run) ([]callbacks.TaggedImage, error) {
		for batch, err := range valid.Batches(most, nil) {
			if err != nil {
				return nil, err
			}
			output, err := r.Model.Predict(context.Background(), batch.X)
			if err != nil {
				return nil, err
			}
			n := batch.X.Shape()[0]
			strip := image.NewGray(image.Rect(0, 0, 3*columns, n*rows))
			for at, t := range []*graph.Tensor{batch.X, output, batch.Y} {
				for i, v := range t.Float32s() {
					row, column := i/columns, i%columns // of images that lie below one another
					strip.SetGray(at*columns+column, row, color.Gray{Y: uint8(255*min(max(v, 0), 1) + 0.5)})
				}
			}
			return []callbacks.TaggedImage{{Tag: fmt.Sprintf("%d validation images: noisy, denoised, clean", n), Image: strip}}, nil
		}
		return nil, nil
	}
}
