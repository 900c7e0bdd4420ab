package kernels

// Sizes from which on tiles are faster.
const (
	tileChannels = 16  // channels, of the input and of the output
	imagePixels  = 64  // pixels of an image; fewer do not pay for transforming the weights
	batchTiles   = 256 // tiles of the batch, for the derivative with respect to the weights
)

// bandElements is the number of transformed elements of an image that are in the second-level cache at once. It is a
// variable so that tests can cut small images.
var bandElements = 64 << 10

// A tiling is a convolution with 3 × 3 kernels by Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray, Fast Algorithms
// for Convolutional Neural Networks, 2016). The result is cut into tiles of 2 × 2 pixels. Each needs a tile d of 4 × 4
// elements in each channel: Y = Aᵀ·[(G·g·Gᵀ)⊙(Bᵀ·d·B)]·A. Over all channels that is 16 matrix products, one for each
// element of a tile: 16 multiplications do the work of 36. The rounding error of an element is proportional to the largest
// elements of its tile; that of a plain sum, to the largest that its weights meet, which span one pixel less on two sides.
//
// Images are processed with their channels innermost, one band of rows of tiles at a time.
type tiling struct {
	batch, channels, outs int
	height, width         int // of the image
	rows, cols            int // of the result
	top, left             int // rows and columns of zeros before the image
	reversed              bool
	down, across          int // tiles of the result
	band                  int // rows of tiles processed at once
}

// tiling returns the tiling of a convolution with the given number of output channels, or false if tiles cannot compute it.
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

// tilesPay reports whether tiles are faster in the form in use. In portable Go their transformations take too long, and SIMD128 sums
// as portable Go does. Only float32 uses tiles: float64 is for results that are as accurate as possible.
func tilesPay[T Float]() bool { return single[T]() && isa != Generic && isa != SIMD128 }

// tilePanel returns the number of outputs in a panel: the columns of the micro-kernel's tile, rounded down to a multiple of 8.
func tilePanel[T Float]() int {
	_, cols := tileSize[T](isa)
	return max(8, cols&^7)
}

// fasterEach reports whether tiles are faster for each image. It depends only on the shape of one: an image's result must
// not depend on the rest of the batch.
func (t *tiling) fasterEach() bool { return min(t.rows, t.cols) > 1 && t.rows*t.cols >= imagePixels }

// fasterSum reports whether tiles are faster for a sum over the batch.
func (t *tiling) fasterSum() bool { return t.batch*t.down*t.across >= batchTiles }

// threeTaps reports whether the offsets are three neighbours and whether they descend, and returns how far the first is
// before the pixel.
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

// bandRows calls f for each of the bands [lo, hi) with its rows of tiles [y, y+rows).
func (t *tiling) bandRows(lo, hi int, f func(y, rows int)) {
	for y := lo * t.band; y < min(hi*t.band, t.down); y += t.band {
		f(y, min(t.band, t.down-y))
	}
}
