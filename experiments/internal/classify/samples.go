package classify

import (
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// columns is the number of images in a row.
const columns = 12

// samples returns a sheet of test images: some of each class, with the predicted class and its probability, and then some that
// are misclassified.
func samples(l *lab.Lab, probabilities *graph.Tensor) sheet.Sheet {
	test := l.Images.Test
	classes := reader.Read(probabilities)
	var missed []int
	for i, c := range classes {
		if c != int(test.Labels[i]) && len(missed) < 2*columns {
			missed = append(missed, i)
		}
	}
	p := probabilities.Data().([]float32)
	width, size := probabilities.Shape()[1], test.Rows*test.Cols
	cell := func(i int, withTruth bool) sheet.Cell {
		c := sheet.Cell{
			Pixels: make([]float32, size),
			Text:   fmt.Sprintf("%d %.0f%%", classes[i], 100*p[i*width+classes[i]]),
			Wrong:  classes[i] != int(test.Labels[i]),
		}
		if withTruth {
			c.Text = fmt.Sprintf("%d not %d", test.Labels[i], classes[i])
		}
		for j, v := range test.Pixels[i*size:][:size] {
			c.Pixels[j] = float32(v) / 255
		}
		return c
	}
	s := sheet.Sheet{
		Title: "Test images, and below each one the predicted class and its probability.\n" +
			"The last rows are misclassified images: the true class, not the predicted one.",
		Width: test.Cols, Height: test.Rows,
	}
	s.Rows = append(rows(l.Images.Samples(2*columns), "test", func(i int) sheet.Cell { return cell(i, false) }),
		rows(missed, "wrong", func(i int) sheet.Cell { return cell(i, true) })...)
	return s
}

// rows returns rows of cells, one cell per index; only the first row has the caption.
func rows(indices []int, caption string, cell func(i int) sheet.Cell) []sheet.Row {
	var list []sheet.Row
	for at := 0; at < len(indices); at += columns {
		row := sheet.Row{Caption: caption, Gap: at == 0}
		for _, i := range indices[at:min(at+columns, len(indices))] {
			row.Cells = append(row.Cells, cell(i))
		}
		list, caption = append(list, row), ""
	}
	return list
}
