package classify

import (
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/reader"
	"github.com/nndiy/nndiy/experiments/internal/sheet"
	"github.com/nndiy/nndiy/graph"
)

// columns is the number of pictures in a row.
const columns = 12

// samples returns pictures with the class that the network gives the most probability, and the probability: some of each
// class, and then some that it gets wrong.
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
		Title: "Test pictures, and below each one what the network takes it for, and with which probability.\n" +
			"The last rows are pictures that it gets wrong: what they are, not what it takes them for.",
		Width: test.Cols, Height: test.Rows,
	}
	s.Rows = append(rows(l.Images.Samples(2*columns), "test", func(i int) sheet.Cell { return cell(i, false) }),
		rows(missed, "wrong", func(i int) sheet.Cell { return cell(i, true) })...)
	return s
}

// rows returns rows of cells; the first one has the caption.
func rows(pictures []int, caption string, cell func(i int) sheet.Cell) []sheet.Row {
	var list []sheet.Row
	for at := 0; at < len(pictures); at += columns {
		row := sheet.Row{Caption: caption, Gap: at == 0}
		for _, i := range pictures[at:min(at+columns, len(pictures))] {
			row.Cells = append(row.Cells, cell(i))
		}
		list, caption = append(list, row), ""
	}
	return list
}
