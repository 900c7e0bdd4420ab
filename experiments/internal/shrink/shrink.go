// Package shrink makes pictures smaller.
package shrink

// Pictures returns pictures of rows × columns pixels, one behind the other, as ones of side × side: each pixel is the mean of
// those that it covers in part or whole.
func Pictures(pixels []float32, rows, columns, side int) []float32 {
	n := len(pixels) / (rows * columns)
	out := make([]float32, 0, n*side*side)
	for i := range n {
		picture := pixels[i*rows*columns:]
		for r := range side {
			top, bottom := span(r, rows, side)
			for c := range side {
				left, right := span(c, columns, side)
				sum := float32(0)
				for y := top; y < bottom; y++ {
					for _, v := range picture[y*columns+left : y*columns+right] {
						sum += v
					}
				}
				out = append(out, sum/float32((bottom-top)*(right-left)))
			}
		}
	}
	return out
}

// span returns which of n places the one numbered i of fewer ones, or more, covers in part or whole.
func span(i, n, fewer int) (from, to int) { return i * n / fewer, ((i+1)*n + fewer - 1) / fewer }
