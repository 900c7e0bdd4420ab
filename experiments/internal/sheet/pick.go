package sheet

import "github.com/nndiy/nndiy/graph"

// Pick returns a row of pictures: those rows of a tensor of float32 whose numbers are given.
func Pick(caption string, pictures *graph.Tensor, numbers []int) Row {
	r := Row{Caption: caption}
	pixels := pictures.Data().([]float32)
	size := len(pixels) / pictures.Shape()[0]
	for _, i := range numbers {
		r.Cells = append(r.Cells, Cell{Pixels: pixels[i*size:][:size]})
	}
	return r
}
