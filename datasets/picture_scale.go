package datasets

import (
	"errors"
	"fmt"
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// fill sets x to the channels of a picture, one after another.
func (p Picture) fill(x []float32, m image.Image) error {
	if m == nil {
		return errors.New("got nil, want an image")
	}
	from := m.Bounds()
	if from.Empty() {
		return fmt.Errorf("got %d×%d pixels, want at least one", from.Dx(), from.Dy())
	}
	if from.Dx() > p.maxPixels()/from.Dy() {
		return fmt.Errorf("got %d×%d pixels, want at most MaxPixels, %d", from.Dx(), from.Dy(), p.maxPixels())
	}
	to := image.Rect(0, 0, p.Width, p.Height)
	out := image.NewRGBA(to)
	if p.channels() < 4 || p.Resize == Fit {
		back := color.RGBA{p.Background[0], p.Background[1], p.Background[2], 255}
		draw.Draw(out, to, image.NewUniform(back), image.Point{}, draw.Src)
	}
	op := draw.Over
	if p.channels() == 4 {
		op = draw.Src
	}
	switch p.Resize {
	case Crop:
		from = middle(from, p.Width, p.Height)
	case Fit:
		to = middle(to, from.Dx(), from.Dy())
	}
	if between := int64(to.Dx()) * int64(from.Dy()); between > max(int64(p.maxPixels()), int64(to.Dx()*to.Dy())) {
		// The scaler has numbers for so many pixels. Only a picture that is narrow and very high, when it is stretched, gets here.
		return fmt.Errorf("got %d×%d pixels, which become %d×%d on the way to %d×%d, want at most MaxPixels, %d",
			from.Dx(), from.Dy(), to.Dx(), from.Dy(), to.Dx(), to.Dy(), p.maxPixels())
	}
	if from.Size() == to.Size() {
		draw.Draw(out, to, m, from.Min, op)
	} else {
		draw.CatmullRom.Scale(out, to, m, from, op, nil)
	}
	p.channelsOf(x, out.Pix)
	return nil
}

// middle returns the largest rectangle in the middle of r with the proportions of width and height.
func middle(r image.Rectangle, width, height int) image.Rectangle {
	w, h := int64(r.Dx()), int64(r.Dy())
	bw, bh := int64(width), int64(height)
	if w*bh > h*bw {
		w = max(1, (h*bw+bh/2)/bh)
	} else {
		h = max(1, (w*bh+bw/2)/bw)
	}
	x, y := r.Min.X+(r.Dx()-int(w))/2, r.Min.Y+(r.Dy()-int(h))/2
	return image.Rect(x, y, x+int(w), y+int(h))
}

// channelsOf sets x to the channels of pixels, whose colours are multiplied by their opacity.
func (p Picture) channelsOf(x []float32, pixels []uint8) {
	n := len(pixels) / 4
	switch p.channels() {
	case 1: // luma of ITU-R BT.601
		for i := range n {
			v := pixels[4*i:][:4]
			x[i] = 0.299*units[v[0]] + 0.587*units[v[1]] + 0.114*units[v[2]]
		}
	case 3:
		r, g, b := x[:n], x[n:][:n], x[2*n:][:n]
		for i := range n {
			v := pixels[4*i:][:4]
			r[i], g[i], b[i] = units[v[0]], units[v[1]], units[v[2]]
		}
	default:
		r, g, b, a := x[:n], x[n:][:n], x[2*n:][:n], x[3*n:][:n]
		for i := range n {
			v := pixels[4*i:][:4]
			r[i], g[i], b[i], a[i] = units[v[0]], units[v[1]], units[v[2]], units[v[3]]
			if o := a[i]; o > 0 && o < 1 {
				r[i], g[i], b[i] = min(r[i]/o, 1), min(g[i]/o, 1), min(b[i]/o, 1)
			}
		}
	}
}
