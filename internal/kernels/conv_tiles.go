package kernels

// Sizes from which on tiles are faster.
const (
	tileChannels = 16      // channels, of the input and of the output
	fewPixels    = 16      // pixels of an image; fewer do not pay for transforming the weights
	manyPixels   = 64      // the same if there are more than manyWeights
	manyWeights  = 1 << 16 // input channels times output channels: the transformed weights, up to four times as many, leave the cache
	batchTiles   = 256     // tiles of 2 × 2 pixels of the batch, for the derivative with respect to the weights
	piecePixels  = 256     // pixels of a piece of the batch, for tiles of 4 × 4 pixels
	fewTiles     = 48      // tiles computed at once, at least
	mostImages   = 64      // images processed at once, at most
)

// bandElements is the number of transformed elements of an image that are in the second-level cache at once. It is a
// variable so that tests can cut small images.
var bandElements = 64 << 10

// A tiling is a convolution with 3 × 3 kernels by Winograd's minimal filtering F(m×m, 3×3) (Lavin and Gray, Fast Algorithms
// for Convolutional Neural Networks, 2016). The result is cut into tiles of m × m pixels; m is 2 or 4. Each needs a
// tile d of (m+2)² elements in each channel: Y = Aᵀ·[(G·g·Gᵀ)⊙(Bᵀ·d·B)]·A. Over all channels that is a matrix product for each
// element of a tile: 16 multiplications do the work of 36, or 36 the work of 144. The rounding error of an element is proportional to
// the largest elements of its tile; that of a plain sum, to the largest that its weights meet, which span fewer pixels.
//
// The polynomials are evaluated at 0, ±1 and ∞, or at 0, ±√½, ±√2 and ∞. With these roots the error of F(4×4, 3×3) is a quarter of
// that with the usual ±1 and ±2 at its largest, and half on average (TestTileErrors holds its bounds); a reversed kernel needs the
// same elements in another order; and all products are exact, except those with √½, √2 and ⅔.
//
// Images are processed with their channels innermost, one band of rows of tiles at a time, or several small images.
type tiling struct {
	tile                  int // rows and columns of the result in a tile
	batch, channels, outs int
	height, width         int // of the image
	rows, cols            int // of the result
	top, left             int // rows and columns of zeros before the image
	reversed              bool
	down, across          int // tiles of the result
	band                  int // rows of tiles processed at once, at most
	group                 int // images processed at once, if a band is a whole image
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
		top: top, left: left, reversed: reversed}
	return t.sized(2), true
}

// sized returns t with tiles of another size.
func (t tiling) sized(size int) tiling {
	t.tile = size
	t.down, t.across = (t.rows+size-1)/size, (t.cols+size-1)/size
	// With few tiles at once, reading the weights would take longer than multiplying.
	tiles := max(fewTiles, bandElements/(t.elements()*t.channels))
	t.band = max(1, min(t.down, tiles/t.across))
	t.group = 1
	if t.band == t.down {
		t.group = max(1, min(mostImages, t.batch, tiles/(t.down*t.across)))
	}
	return t
}

// apart returns the distance, in elements, between matrices of n elements: an odd number of cache lines, so that the elements of a
// tile do not all go to the same few lines of the cache.
func apart(n int) int {
	const line = 16
	return ceilTo(n, line) | line
}

// panels returns the distance between the matrices of a panel of transformed weights, the size of a panel, and that of all.
func (t *tiling) panels(panel int) (matrix, size, all int) {
	matrix = apart(t.channels * panel)
	size = t.elements() * matrix
	return matrix, size, (t.outs + panel - 1) / panel * size
}

// side returns the rows and columns of elements that a tile needs, and elements their number.
func (t *tiling) side() int     { return t.tile + 2 }
func (t *tiling) elements() int { return t.side() * t.side() }

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
func (t *tiling) fasterEach() bool {
	pixels := fewPixels
	if t.channels*t.outs > manyWeights {
		pixels = manyPixels
	}
	return min(t.rows, t.cols) > 1 && t.rows*t.cols >= pixels
}

// largerEach reports whether tiles of 4 × 4 pixels are faster still for each image: whether they have fewer elements in all, although
// they reach further beyond the image's edge.
func (t *tiling) largerEach() bool {
	l := t.sized(4)
	return largeTiles && l.elements()*l.down*l.across < t.elements()*t.down*t.across
}

// largerSum is largerEach for a sum over the batch in some pieces. Each has a sum of more than twice as many elements.
func (t *tiling) largerSum(pieces int) bool {
	return t.batch*t.rows*t.cols >= pieces*piecePixels && t.largerEach()
}

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

// bandRows calls f for each of the bands [lo, hi) with its rows of tiles [y, y+rows). The bands are nearly equal.
func (t *tiling) bandRows(lo, hi int, f func(y, rows int)) {
	n := t.bands()
	for i := lo; i < hi; i++ {
		y := t.down * i / n
		f(y, t.down*(i+1)/n-y)
	}
}
