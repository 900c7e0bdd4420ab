package kernels

// An ImageShape is the shape of one image, stored as (Channels, Height, Width).
type ImageShape struct{ Channels, Height, Width int }

// Warp resamples the image src by an affine map: the pixel of dst at (y, x) from the centre is read from src at (m[0]·y +
// m[1]·x + m[2], m[3]·y + m[4]·x + m[5]) from the centre, interpolated bilinearly between the four nearest pixels. Pixels
// outside src have the value fill. A pixel at a distance of 1 or more in either direction is not read, even if it is NaN or
// infinite. A position that is NaN or infinite gives NaN.
func Warp[T Float](s ImageShape, dst, src, m []T, fill T) {
	plane := s.Height * s.Width
	sameLengths("Warp", s.Channels*plane, len(dst), len(src))
	w := newWarp(s, m)
	var t neighbours
	for i := range plane {
		t.locate(&w, i/s.Width, i%s.Width)
		for c := range s.Channels {
			v := T(0)
			if t.outside != 0 {
				v = T(t.outside) * fill
			}
			for j, at := range t.at[:t.n] {
				v += T(t.weight[j]) * src[c*plane+at]
			}
			dst[c*plane+i] = v
		}
	}
}

// WarpAdjoint applies the transpose of Warp to the image src: it adds each pixel, times the weights, to the pixels of dst
// that Warp reads for it.
func WarpAdjoint[T Float](s ImageShape, dst, src, m []T) {
	plane := s.Height * s.Width
	sameLengths("WarpAdjoint", s.Channels*plane, len(dst), len(src))
	w := newWarp(s, m)
	clear(dst)
	var t neighbours
	for i := range plane {
		t.locate(&w, i/s.Width, i%s.Width)
		for c := range s.Channels {
			for j, at := range t.at[:t.n] {
				dst[c*plane+at] += T(t.weight[j]) * src[c*plane+i]
			}
		}
	}
}

// A warp is the affine map, in coordinates that begin at the first pixel.
type warp struct {
	yy, yx, y0    float64
	xy, xx, x0    float64
	height, width int
}

func newWarp[T Float](s ImageShape, m []T) warp {
	sameLength("Warp", 6, len(m))
	w := warp{
		float64(m[0]), float64(m[1]), float64(m[2]), float64(m[3]), float64(m[4]), float64(m[5]), s.Height, s.Width,
	}
	cy, cx := float64(s.Height-1)/2, float64(s.Width-1)/2
	w.y0 += cy - w.yy*cy - w.yx*cx
	w.x0 += cx - w.xy*cy - w.xx*cx
	return w
}

// neighbours are the pixels, at most four, nearer than 1 to a position in both directions, with their weights, and the
// total weight of those outside the image.
type neighbours struct {
	n       int
	at      [4]int
	weight  [4]float64
	outside float64
}

// locate sets t to the neighbours of the position from which the pixel (y, x) is read.
func (t *neighbours) locate(w *warp, y, x int) {
	py := w.yy*float64(y) + w.yx*float64(x) + w.y0
	px := w.xy*float64(y) + w.xx*float64(x) + w.x0
	t.n, t.outside = 0, 0
	if !(py > -1 && py < float64(w.height) && px > -1 && px < float64(w.width)) {
		t.outside = 1 + 0*py*px // NaN if one of them is NaN or infinite
		return
	}
	top, left := int(py+1)-1, int(px+1)-1
	fy, fx := py-float64(top), px-float64(left)
	t.add(w, top, left, (1-fy)*(1-fx))
	t.add(w, top, left+1, (1-fy)*fx)
	t.add(w, top+1, left, fy*(1-fx))
	t.add(w, top+1, left+1, fy*fx)
}

// add adds the pixel (y, x) with a weight.
func (t *neighbours) add(w *warp, y, x int, weight float64) {
	switch {
	case weight == 0:
	case uint(y) >= uint(w.height) || uint(x) >= uint(w.width):
		t.outside += weight
	default:
		t.at[t.n&3], t.weight[t.n&3] = y*w.width+x, weight
		t.n++
	}
}
