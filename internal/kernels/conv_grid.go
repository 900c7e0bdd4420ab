package kernels

// A grid holds the pixels of a convolution's result and what each is computed from. In each channel of an image, pixel (gy,
// gx) meets the elements at gy·strideY + dy[i], gx·strideX + dx[j]; elements outside the image are 0. One (i, j) of one
// channel is a tap. Its number is (channel·len(dy) + i)·len(dx) + j.
type grid struct {
	channels, height, width int // of the image
	strideY, strideX        int
	dy, dx                  []int
	rows, cols              int
}

// grid returns the grid of the forward convolution.
func (s ConvShape) grid() grid {
	return grid{
		channels: s.In / s.Groups, height: s.Y.In, width: s.X.In, strideY: s.Y.Stride, strideX: s.X.Stride,
		dy: s.Y.offsets(), dx: s.X.offsets(), rows: s.Y.Out(), cols: s.X.Out(),
	}
}

// perChannel returns the number of taps in a channel.
func (g *grid) perChannel() int { return len(g.dy) * len(g.dx) }

// An area is a rectangle of a grid's pixels: whole rows, or a part of one.
type area struct{ y0, y1, x0, x1 int }

// pixels returns the number of pixels.
func (a area) pixels() int { return (a.y1 - a.y0) * (a.x1 - a.x0) }

// columnBytes is how much of the second-level cache columns may use. It is a variable so that tests can cut small images.
var columnBytes = 256 << 10

// A cut divides a grid into pieces of at most this many channels, rows and columns, whose elements stay in the second-level
// cache.
type cut struct{ channels, rows, cols int }

// cut returns the cut for elements of size bytes. It depends only on the shape.
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

// count returns the number of areas in g.
func (c cut) count(g *grid) int {
	return ((g.rows + c.rows - 1) / c.rows) * ((g.cols + c.cols - 1) / c.cols)
}

// area returns the i-th area.
func (c cut) area(g *grid, i int) area {
	across := (g.cols + c.cols - 1) / c.cols
	y, x := i/across*c.rows, i%across*c.cols
	return area{y, min(y+c.rows, g.rows), x, min(x+c.cols, g.cols)}
}
