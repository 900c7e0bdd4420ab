// Package shrink reduces the size of images.
package shrink

// Pictures resizes consecutive images of rows × columns pixels to side × side: each new pixel is the mean of the old pixels
// that it overlaps, counted equally.
func Pictures(pixels []float32, rows, columns, side int) []float32 {
	n := len(pixels) / (rows * columns)
	out := make([]float32, 0, n*side*side)
	for i := range n {
		image := pixels[i*rows*columns:]
		for r := range side {
			top, bottom := span(r, rows, side)
			for c := range side {
				left, right := span(c, columns, side)
				sum := float32(0)
				for y := top; y < bottom; y++ {
					for _, v := range image[y*columns+left : y*columns+right] {
						sum += v
					}
				}
				out = append(out, sum/float32((bottom-top)*(right-left)))
			}
		}
	}
	return out
}

// span returns the range of the n old places that new place i of m overlaps.
func span(i, n, m int) (from, to int) { return i * n / m, ((i+1)*n + m - 1) / m }
