// Package draw shows images and planes in a terminal.
package draw

import (
	"fmt"
	"io"
	"strings"
)

// ramp has the characters of the shades from 0 to 1.
const ramp = " .:-=+*#%@"

// shade returns the character of a shade.
func shade(v float64) byte {
	return ramp[int(min(max(v, 0), 1)*float64(len(ramp)-1)+0.5)]
}

// Images writes images of rows·cols pixels from 0 to 1 side by side, in row-major order. A character stands for two pixels, one
// above the other, so rows must be even.
func Images(w io.Writer, rows, cols int, images ...[]float32) {
	for r := 0; r < rows; r += 2 {
		var line strings.Builder
		for i, image := range images {
			if i > 0 {
				line.WriteString("  ")
			}
			line.WriteByte('|')
			for c := range cols {
				line.WriteByte(shade(float64(image[r*cols+c]+image[(r+1)*cols+c]) / 2))
			}
			line.WriteByte('|')
		}
		fmt.Fprintln(w, line.String())
	}
}

// Grid returns the points of a grid over the square from (-side, -side) to (side, side), x and y of each, row by row from the
// upper left corner. A row has 2·rows points, since a character is twice as high as wide.
func Grid(rows int, side float64) []float32 {
	var points []float32
	for r := range rows {
		for c := range 2 * rows {
			x, y := (float64(c)+0.5)/float64(rows)-1, 1-2*(float64(r)+0.5)/float64(rows)
			points = append(points, float32(side*x), float32(side*y))
		}
	}
	return points
}

// Plane writes planes side by side, each a row after the other of the given number of values from 0 to 1.
func Plane(w io.Writer, cols int, planes ...[]float32) {
	for from := 0; from < len(planes[0]); from += cols {
		for i, plane := range planes {
			if i > 0 {
				fmt.Fprint(w, "  ")
			}
			line := make([]byte, cols)
			for c := range line {
				line[c] = shade(float64(plane[from+c]))
			}
			fmt.Fprintf(w, "|%s|", line)
		}
		fmt.Fprintln(w)
	}
}
