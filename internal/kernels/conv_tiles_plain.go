package kernels

import "math"

// A tileEnd finishes the sums of tiles: it adds a bias for each channel, unless nil, and applies a ReLU if relu is set. It
// adds zero times each sum to an element of check, which stays 0 if all sums are finite.
type tileEnd[T Float] struct {
	bias  []T
	relu  bool
	check [8]T
}

// apply finishes one sum.
func (e *tileEnd[T]) apply(x T, channel int) T {
	e.check[channel%8] += 0 * x
	if e.bias != nil {
		x += e.bias[channel]
	}
	if e.relu && x < 0 {
		x = 0
	}
	return x
}

// A square says where the elements of a small matrix are: row elements apart, and the columns col. Tiles are move apart.
type square struct{ n, row, col, move int }

// plainTiles applies a linear map along the columns and then the rows of small matrices, for each channel.
func plainTiles[T Float](dst, src []T, to, from square, channels, tiles int, f func(x *[6]T) [6]T, end *tileEnd[T]) {
	for i := range tiles {
		for c := range channels {
			var t [6][6]T
			for j := range from.n {
				var x [6]T
				for r := range from.n {
					x[r] = src[i*from.move+r*from.row+j*from.col+c]
				}
				for r, y := range f(&x) {
					t[r][j] = y
				}
			}
			for r := range to.n {
				y := f(&t[r])
				for j, y := range y[:to.n] {
					if end != nil {
						y = end.apply(y, c)
					}
					dst[i*to.move+r*to.row+j*to.col+c] = y
				}
			}
		}
	}
}

// plainTilesIn is tilesIn in portable Go.
func plainTilesIn[T Float](size int, dst, src []T, stride, line, channels, tiles int) {
	n := size + 2
	plainTiles(dst, src, square{n, n * stride, stride, channels}, square{n, line, channels, size * channels}, channels, tiles,
		pickSize(size, input2[T], input4[T]), nil)
}

// plainTilesSpread is tilesSpread in portable Go.
func plainTilesSpread[T Float](size int, dst, src []T, stride, line, channels, tiles int) {
	n := size + 2
	plainTiles(dst, src, square{n, n * stride, stride, channels}, square{size, line, channels, size * channels}, channels, tiles,
		pickSize(size, spread2[T], spread4[T]), nil)
}

// plainTilesOut is tilesOut in portable Go.
func plainTilesOut[T Float](size int, dst, src []T, line, stride, channels, tiles int, end *tileEnd[T]) {
	n := size + 2
	plainTiles(dst, src, square{size, line, channels, size * channels}, square{n, n * stride, stride, channels}, channels, tiles,
		pickSize(size, output2[T], output4[T]), end)
}

// plainTransformKernels is transformKernels in portable Go.
func plainTransformKernels[T Float](size int, dst, src []T, stride, width, kernels int) {
	n := size + 2
	plainTiles(dst, src, square{n, n * stride, stride, width}, square{3, 3 * width, width, 9 * width}, width, kernels,
		pickSize(size, kernel2[T], kernel4[T]), nil)
}

// plainRestoreKernels is restoreKernels in portable Go.
func plainRestoreKernels[T Float](size int, dst, src []T, stride, width, kernels int) {
	n := size + 2
	plainTiles(dst, src, square{3, 3 * width, width, 9 * width}, square{n, n * stride, stride, width}, width, kernels,
		pickSize(size, gather2[T], gather4[T]), nil)
}

func pickSize[F any](size int, small, large F) F {
	if size == 2 {
		return small
	}
	return large
}

// The linear maps of a tile's columns and rows: input is Bᵀ, spread A, output Aᵀ, kernel G and gather Gᵀ.

func input2[T Float](d *[6]T) [6]T { return [6]T{d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]} }

func spread2[T Float](y *[6]T) [6]T { return [6]T{y[0], y[0] + y[1], y[0] - y[1], 0 - y[1]} }

func output2[T Float](m *[6]T) [6]T { return [6]T{m[1] + m[2] + m[0], m[1] - m[2] - m[3]} }

func kernel2[T Float](g *[6]T) [6]T {
	ends := g[0] + g[2]
	return [6]T{g[0], (ends + g[1]) * 0.5, (ends - g[1]) * 0.5, g[2]}
}

func gather2[T Float](u *[6]T) [6]T {
	sum := (u[1] + u[2]) * 0.5
	return [6]T{sum + u[0], (u[1] - u[2]) * 0.5, sum + u[3]}
}

const (
	root2      = math.Sqrt2
	rootHalf   = math.Sqrt2 / 2
	third2     = 2. / 3
	third2Root = math.Sqrt2 / 3
)

func input4[T Float](d *[6]T) [6]T {
	near, far := 2*d[2]-d[4], d[4]-0.5*d[2]
	nearRoot, farRoot := T(rootHalf*(2*d[1]-d[3])), T(root2*(d[3]-0.5*d[1]))
	return [6]T{(d[0] - 0.5*d[2]) + (d[4] - 2*d[2]), near + nearRoot, near - nearRoot, far + farRoot, far - farRoot,
		(d[1] - 0.5*d[3]) + (d[5] - 2*d[3])}
}

func spread4[T Float](y *[6]T) [6]T {
	near, far := 0.5*y[2]+y[0], 0.5*y[0]+y[2]
	nearRoot, farRoot := T(rootHalf*(0.5*y[3]+y[1])), T(rootHalf*(2*y[3]+y[1]))
	return [6]T{y[0], near + nearRoot, near - nearRoot, far + farRoot, far - farRoot, y[3]}
}

func output4[T Float](m *[6]T) [6]T {
	near, far, nearLess, farLess := m[1]+m[2], m[3]+m[4], m[1]-m[2], m[3]-m[4]
	return [6]T{0.5*far + near + m[0], T(rootHalf * (nearLess + farLess)), 0.5*near + far,
		T(rootHalf*(0.5*nearLess+2*farLess)) + m[5]}
}

func kernel4[T Float](g *[6]T) [6]T {
	near, far, root := 0.5*g[2]+g[0], 0.5*g[0]+g[2], T(rootHalf*g[1])
	return [6]T{g[0], T(third2 * (near + root)), T(third2 * (near - root)), T(third2 * (far + root)), T(third2 * (far - root)), g[2]}
}

func gather4[T Float](u *[6]T) [6]T {
	near, far := u[1]+u[2], u[3]+u[4]
	return [6]T{T(third2*(0.5*far+near)) + u[0], T(third2Root * ((u[1] - u[2]) + (u[3] - u[4]))), T(third2*(0.5*near+far)) + u[5]}
}
