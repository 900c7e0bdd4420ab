package kernels

// A tileEnd finishes the sums of tiles: it adds a bias for each channel, unless nil, and applies a ReLU if relu is set. It
// adds zero times each sum to an element of check, which stays 0 if all sums are finite.
type tileEnd[T Float] struct {
	bias  []T
	relu  bool
	check [8]T
}

// plainTilesIn is tilesIn in portable Go.
func plainTilesIn[T Float](dst, src []T, stride, line, channels, tiles int) {
	for i := range tiles {
		for c := range channels {
			var t [4][4]T
			for j := range 4 {
				at := src[(2*i+j)*channels+c:]
				d0, d1, d2, d3 := at[0], at[line], at[2*line], at[3*line]
				t[0][j], t[1][j], t[2][j], t[3][j] = d0-d2, d1+d2, d2-d1, d1-d3
			}
			for r, d := range &t {
				to := dst[4*r*stride+i*channels+c:]
				to[0], to[stride], to[2*stride], to[3*stride] = d[0]-d[2], d[1]+d[2], d[2]-d[1], d[1]-d[3]
			}
		}
	}
}

// plainTilesSpread is tilesSpread in portable Go.
func plainTilesSpread[T Float](dst, src []T, stride, line, channels, tiles int) {
	for i := range tiles {
		for c := range channels {
			var t [4][2]T
			for j := range 2 {
				at := src[(2*i+j)*channels+c:]
				d0, d1 := at[0], at[line]
				t[0][j], t[1][j], t[2][j], t[3][j] = d0, d0+d1, d0-d1, 0-d1
			}
			for r, d := range &t {
				to := dst[4*r*stride+i*channels+c:]
				to[0], to[stride], to[2*stride], to[3*stride] = d[0], d[0]+d[1], d[0]-d[1], 0-d[1]
			}
		}
	}
}

// plainTilesOut is tilesOut in portable Go.
func plainTilesOut[T Float](dst, src []T, line, stride, channels, tiles int, end *tileEnd[T]) {
	for i := range tiles {
		for c := range channels {
			var t [2][4]T
			for j := range 4 {
				at := src[j*stride+i*channels+c:]
				m0, m1, m2, m3 := at[0], at[4*stride], at[8*stride], at[12*stride]
				t[0][j], t[1][j] = m1+m2+m0, m1-m2-m3
			}
			for r, m := range &t {
				to := dst[r*line+2*i*channels+c:]
				to[0] = end.apply(m[1]+m[2]+m[0], c)
				to[channels] = end.apply(m[1]-m[2]-m[3], c)
			}
		}
	}
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

// plainTransformKernels is transformKernels in portable Go.
func plainTransformKernels[T Float](dst, src []T, stride, width, kernels int) {
	for i := range kernels {
		for o := range width {
			var t [4][3]T
			for j := range 3 {
				at := src[(9*i+j)*width+o:]
				g0, g1, g2 := at[0], at[3*width], at[6*width]
				t[0][j], t[3][j] = g0, g2
				t[1][j], t[2][j] = ((g0+g2)+g1)*0.5, ((g0+g2)-g1)*0.5
			}
			for r, g := range &t {
				to := dst[4*r*stride+i*width+o:]
				to[0], to[3*stride] = g[0], g[2]
				to[stride], to[2*stride] = ((g[0]+g[2])+g[1])*0.5, ((g[0]+g[2])-g[1])*0.5
			}
		}
	}
}

// plainRestoreKernels is restoreKernels in portable Go.
func plainRestoreKernels[T Float](dst, src []T, stride, width, kernels int) {
	for i := range kernels {
		for o := range width {
			var t [3][4]T
			for j := range 4 {
				at := src[j*stride+i*width+o:]
				u0, u1, u2, u3 := at[0], at[4*stride], at[8*stride], at[12*stride]
				t[0][j], t[1][j], t[2][j] = (u1+u2)*0.5+u0, (u1-u2)*0.5, (u1+u2)*0.5+u3
			}
			for r, u := range &t {
				to := dst[(9*i+3*r)*width+o:]
				to[0], to[width], to[2*width] = (u[1]+u[2])*0.5+u[0], (u[1]-u[2])*0.5, (u[1]+u[2])*0.5+u[3]
			}
		}
	}
}
