package kernels

// Sizes that decide about tiles.
const (
	tileChannels = 16  // a convolution has so many channels at least, on either side,
	imagePixels  = 64  // and so many pixels in an image: less would not be worth the transformed weights,
	batchTiles   = 256 // or so many tiles in the batch, for the derivative by the weights
)

// bandElements is how many transformed elements of an image are in the second-level cache at once. It is no constant so that
// tests can cut small images.
var bandElements = 64 << 10

// A tiling is a convolution of 3 × 3 weights by Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray: Fast Algorithms for
// Convolutional Neural Networks, 2016). The result is cut into tiles of 2 × 2 pixels, each of which needs a tile d of 4 × 4
// elements of each channel: Y = Aᵀ·[(G·g·Gᵀ)⊙(Bᵀ·d·B)]·A. Over all channels that is 16 products of matrices, one for each
// element of a tile, and their 16 multiplications do the work of 36. An element's rounding error is in proportion to the
// largest elements of its tile, where a plain sum's is to those that the weights meet: one pixel more on two sides.
//
// Images are gone through with their channels side by side, a band of rows of tiles at a time.
type tiling struct {
	batch, channels, outs int
	height, width         int // of the image
	rows, cols            int // of the result
	top, left             int // rows and columns of zeros before the image
	reversed              bool
	down, across          int // tiles of the result
	band                  int // rows of tiles gone through at once
}

// tiling returns the tiles of a convolution with so many outputs by the grid, or false if it is none that can go by tiles.
func (g *grid) tiling(batch, outs int) (t tiling, ok bool) {
	reversed, top, ok := threeTaps(g.dy)
	reversedX, left, okX := threeTaps(g.dx)
	if !ok || !okX || reversed != reversedX || g.strideY != 1 || g.strideX != 1 || g.channels%8 != 0 || outs%8 != 0 ||
		min(g.channels, outs) < tileChannels {
		return t, false
	}
	t = tiling{batch: batch, channels: g.channels, outs: outs, height: g.height, width: g.width, rows: g.rows, cols: g.cols,
		top: top, left: left, reversed: reversed, down: (g.rows + 1) / 2, across: (g.cols + 1) / 2}
	t.band = max(1, min(t.down, bandElements/(16*t.across*t.channels)))
	return t, true
}

// fasterEach tells whether tiles are faster for each image. It depends on the shape of one alone: an image's result must not
// depend on what it shares a batch with.
func (t *tiling) fasterEach() bool { return min(t.rows, t.cols) > 1 && t.rows*t.cols >= imagePixels }

// fasterSum tells whether tiles are faster for a sum over the batch.
func (t *tiling) fasterSum() bool { return t.batch*t.down*t.across >= batchTiles }

// threeTaps tells whether the offsets are three neighbours, whether they reversed, and how far the first is before the pixel.
func threeTaps(d []int) (reversed bool, before int, ok bool) {
	if len(d) != 3 || d[1]-d[0] != d[2]-d[1] {
		return false, 0, false
	}
	switch d[1] - d[0] {
	case 1:
		return false, -d[0], true
	case -1:
		return true, -d[2], true
	}
	return false, 0, false
}

// bands returns the number of bands.
func (t *tiling) bands() int { return (t.down + t.band - 1) / t.band }

// bandRows calls f for each of the bands [lo, hi): the rows of tiles [y, y+rows).
func (t *tiling) bandRows(lo, hi int, f func(y, rows int)) {
	for y := lo * t.band; y < min(hi*t.band, t.down); y += t.band {
		f(y, min(t.band, t.down-y))
	}
}
