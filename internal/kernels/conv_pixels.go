package kernels

// shortLine is the number of pixels of a line from which on every second one is taken line by line.
const shortLine = 48

// everySecondPixel reports whether a convolution has kernels of one element and stride 2, of images of short lines, so that the pixels that
// it meets are taken from several lines together.
func (g *grid) everySecondPixel() bool {
	return len(g.dy) == 1 && len(g.dx) == 1 && g.dy[0] == 0 && g.dx[0] == 0 && g.strideY == 2 && g.strideX == 2 &&
		g.width == 2*g.cols && g.height >= 2*g.rows-1 && g.width < shortLine
}

// takePixels sets dst to every second pixel of every second line of planes.
func takePixels[T Float](g *grid, dst, planes []T) {
	half := borrow[T](len(planes) / 2) // without every second column
	defer giveBack(half)
	takeSecond(half, planes)
	for i, n := 0, len(planes)/(g.height*g.width); i < n; i++ {
		copyRows(dst[i*g.rows*g.cols:], half[i*g.height*g.cols:], 2*g.cols, g.cols, g.cols, g.rows)
	}
}

// putPixels sets every second pixel of every second line of planes to the elements of src, and the others to 0.
func putPixels[T Float](g *grid, planes, src []T) {
	half := borrow[T](len(planes) / 2)
	defer giveBack(half)
	clear(half)
	for i, n := 0, len(planes)/(g.height*g.width); i < n; i++ {
		copyRows(half[i*g.height*g.cols:], src[i*g.rows*g.cols:], g.cols, 2*g.cols, g.cols, g.rows)
	}
	clear(planes)
	putSecond(planes, half)
}
