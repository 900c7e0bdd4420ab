package kernels

// GatherRows sets row i of dst to row index[i] of src. Each row has width elements. An index outside src panics.
func GatherRows[T Float](dst, src []T, width int, index []int) {
	sameLength("GatherRows", len(dst), len(index)*width)
	if isa != Generic && width*sizeof[T]() >= 64 {
		vectorGather(dst, src, width, index)
		return
	}
	for i, r := range index {
		copy(dst[i*width:][:width], src[r*width:][:width])
	}
}

// OneHot sets row i of dst, of n elements, to 1 at classes[i] and 0 elsewhere. It returns the position of the first class
// that is not an integer from 0 to n-1, or -1 if there is none.
func OneHot[T Float](dst, classes []T, n int) int {
	sameLength("OneHot", len(dst), len(classes)*n)
	clear(dst)
	for i, c := range classes {
		if !(c >= 0 && c < T(n)) || c != T(int(c)) {
			return i
		}
		dst[i*n+int(c)] = 1
	}
	return -1
}
