package sheet

import "github.com/nndiy/nndiy/graph"

// Pick returns a row of images: the rows of a float32 tensor with the given indices.
func Pick(caption string, images *graph.Tensor, indices []int) Row {
	r := Row{Caption: caption}
	pixels := images.Data().([]float32)
	size := len(pixels) / images.Shape()[0]
	for _, i := range indices {
		r.Cells = append(r.Cells, Cell{Pixels: pixels[i*size:][:size]})
	}
	return r
}
