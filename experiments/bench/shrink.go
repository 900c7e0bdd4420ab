package main

import "gorgonia.org/tensor"

// shrink returns square pictures of from × from pixels as ones of to × to: each pixel is the mean of those that it covers in
// part or whole.
func shrink(x *tensor.Dense, from, to int) *tensor.Dense {
	pixels := x.Float32s()
	n := len(pixels) / (from * from)
	out := make([]float32, 0, n*to*to)
	for i := range n {
		picture := pixels[i*from*from:]
		for r := range to {
			for c := range to {
				out = append(out, meanOf(picture, from, r*from/to, ((r+1)*from+to-1)/to, c*from/to, ((c+1)*from+to-1)/to))
			}
		}
	}
	return tensor.New(tensor.WithShape(n, to*to), tensor.WithBacking(out))
}

// meanOf returns the mean of the rows [r0, r1) and the columns [c0, c1) of a picture.
func meanOf(picture []float32, width, r0, r1, c0, c1 int) float32 {
	sum := float32(0)
	for r := r0; r < r1; r++ {
		for _, v := range picture[r*width+c0 : r*width+c1] {
			sum += v
		}
	}
	return sum / float32((r1-r0)*(c1-c0))
}
