package kernels

// A grid is the pixels of a convolution's result and what they are made of. Pixel (gy, gx) meets, in each channel of an
// image, the elements at gy·strideY + dy[i], gx·strideX + dx[j]; outside the image these are 0. One (i, j) of one channel is a
// tap: number (channel·len(dy) + i)·len(dx) + j.
type grid struct {
	channels, height, width int // of the image
	strideY, strideX        int
	dy, dx                  []int
	rows, cols              int
}

// grid returns the pixels of a convolution's forward direction.
func (s ConvShape) grid() grid {
	return grid{
		channels: s.In / s.Groups, height: s.Y.In, width: s.X.In, strideY: s.Y.Stride, strideX: s.X.Stride,
		dy: s.Y.offsets(), dx: s.X.offsets(), rows: s.Y.Out(), cols: s.X.Out(),
	}
}

// perChannel returns the number of taps of a channel.
func (g *grid) perChannel() int { return len(g.dy) * len(g.dx) }

// An area is a rectangle of a grid's pixels: whole rows, or a part of one.
type area struct{ y0, y1, x0, x1 int }

// pixels returns the number of pixels.
func (a area) pixels() int { return (a.y1 - a.y0) * (a.x1 - a.x0) }

// columnBytes is how much of the second-level cache columns may take. It is no constant so that tests can cut small images.
var columnBytes = 256 << 10

// A cut says in what pieces a grid is gone through: the columns of so many channels and pixels stay in the second-level cache.
type cut struct{ channels, rows, cols int }

// cut returns the pieces for elements of so many bytes. They depend on the shape alone.
func (g *grid) cut(size int) cut {
	const fewRows, fewChannels = 4, 8
	most, fewCols := columnBytes, columnBytes>>10
	line := len(g.dx) * g.cols * size
	c := cut{channels: min(g.channels, max(1, depthLimit/max(1, g.perChannel())))}
	for c.channels > fewChannels && g.rows > fewRows && c.channels*line*fewRows > most {
		c.channels /= 2
	}
	c.rows, c.cols = max(1, min(g.rows, most/max(1, c.channels*line))), g.cols
	if c.rows == 1 {
		c.cols = min(g.cols, max(fewCols, most/max(1, c.channels*g.perChannel()*size)))
	}
	return c
}

// count returns the number of areas that g is cut into.
func (c cut) count(g *grid) int {
	return ((g.rows + c.rows - 1) / c.rows) * ((g.cols + c.cols - 1) / c.cols)
}

// area returns the i-th of them.
func (c cut) area(g *grid, i int) area {
	across := (g.cols + c.cols - 1) / c.cols
	y, x := i/across*c.rows, i%across*c.cols
	return area{y, min(y+c.rows, g.rows), x, min(x+c.cols, g.cols)}
}
