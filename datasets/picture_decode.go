package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif"  // formats of Decode
	_ "image/jpeg" // formats of Decode
	_ "image/png"  // formats of Decode
	"io"

	_ "golang.org/x/image/webp" // formats of Decode
)

// Decode reads a picture from a file in PNG, JPEG, GIF (the first frame) or WebP (without animation), and turns it as its EXIF orientation
// says. A file with more than MaxPixels pixels, or with more bytes than such a picture needs, is an error before memory for them
// is taken. A damaged file is an error.
func (p Picture) Decode(r io.Reader) (image.Image, error) {
	m, err := p.read(r)
	return m, placed("Picture: Decode", err)
}

// read is Decode without the place in errors.
func (p Picture) read(r io.Reader) (image.Image, error) {
	limit := 8*int64(p.maxPixels()) + 1<<20
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("got more than %d bytes, want at most that for MaxPixels of %d", limit, p.maxPixels())
	}
	if err != nil {
		return nil, err
	}
	return p.decode(data)
}

// decode is read for the contents of a file.
func (p Picture) decode(data []byte) (m image.Image, err error) {
	defer func() {
		if r := recover(); r != nil { // a decoder does not expect what the file has
			m, err = nil, fmt.Errorf("got a damaged picture: %v", r)
		}
	}()
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case errors.Is(err, image.ErrFormat):
		return nil, errors.New("got a file of another format or a damaged one, want PNG, JPEG, GIF or WebP")
	case err != nil:
		return nil, err
	}
	if format == "webp" { // its parts have sizes of their own
		c.Width, c.Height = webpSize(data, c.Width, c.Height)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > p.maxPixels()/c.Height {
		return nil, fmt.Errorf("got %d×%d pixels, want 1 to MaxPixels, %d", c.Width, c.Height, p.maxPixels())
	}
	if m, _, err = image.Decode(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	if format == "gif" && m.Bounds() != image.Rect(0, 0, c.Width, c.Height) { // the frame is a part of the picture
		whole := image.NewRGBA(image.Rect(0, 0, c.Width, c.Height))
		draw.Draw(whole, m.Bounds(), m, m.Bounds().Min, draw.Src)
		m = whole
	}
	if format == "webp" {
		m = fullRange(m)
	}
	return turned(m, orientation(data, format)), nil
}

// webpSize returns the largest width and height of the parts of a WebP file, at least those given.
func webpSize(data []byte, width, height int) (int, int) {
	for name, b := range riffChunks(data) {
		switch {
		case name == "VP8 " && len(b) >= 10:
			width = max(width, int(b[6])|int(b[7]&0x3f)<<8)
			height = max(height, int(b[8])|int(b[9]&0x3f)<<8)
		case name == "VP8L" && len(b) >= 5:
			bits := int(b[1]) | int(b[2])<<8 | int(b[3])<<16 | int(b[4])<<24
			width, height = max(width, bits&0x3fff+1), max(height, bits>>14&0x3fff+1)
		}
	}
	return width, height
}

// fullRange returns a WebP picture with the colours that it is to have: lossy WebP has luma from 16 to 235 (ITU-R BT.601), which
// image.YCbCr takes for 0 to 255.
func fullRange(m image.Image) image.Image {
	var c *image.YCbCr
	opacity := func(int, int) uint8 { return 255 }
	switch m := m.(type) {
	case *image.YCbCr:
		c = m
	case *image.NYCbCrA:
		c = &m.YCbCr
		opacity = func(x, y int) uint8 { return m.A[m.AOffset(x, y)] }
	default:
		return m
	}
	b := c.Bounds()
	out := image.NewNRGBA(b)
	at := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			i, k := c.YOffset(x, y), c.COffset(x, y)
			l, u, v := 1.164384*(float32(c.Y[i])-16), float32(c.Cb[k])-128, float32(c.Cr[k])-128
			for n, level := range [3]float32{l + 1.596027*v, l - 0.391762*u - 0.812968*v, l + 2.017232*u} {
				out.Pix[at+n] = uint8(min(max(level+0.5, 0), 255))
			}
			out.Pix[at+3] = opacity(x, y)
			at += 4
		}
	}
	return out
}

// turned returns a picture as it is to be seen, by its EXIF orientation from 1 to 8.
func turned(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	var from, to []uint8
	var out image.Image
	stride := 4 * w
	if n, ok := m.(*image.NRGBA); ok {
		o := image.NewNRGBA(size)
		from, stride, to, out = n.Pix, n.Stride, o.Pix, o
	} else {
		r := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.Draw(r, r.Bounds(), m, m.Bounds().Min, draw.Src)
		o := image.NewRGBA(size)
		from, to, out = r.Pix, o.Pix, o
	}
	at := 0
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := source(orientation, x, y, w, h)
			copy(to[at:at+4], from[sy*stride+4*sx:])
			at += 4
		}
	}
	return out
}

// source returns the pixel of a stored picture of w×h that is seen at (x, y).
func source(orientation, x, y, w, h int) (sx, sy int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	case 8:
		return w - 1 - y, x
	}
	return x, y
}
