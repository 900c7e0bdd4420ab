package live

import (
	"bytes"
	"image"
	"image/png"
)

// An Image is an image and its name.
type Image struct {
	Tag   string
	Image image.Image
}

// Images shows images in place of those before. One that does not fit in the bounds of a run is left out, and the page says so.
func (r *Run) Images(epoch int, images []Image) error {
	var list [][]byte
	left := imageBytes
	m := newMessage("images", r.number).key("epoch").int(epoch).raw(`,"list":[`)
	for i, img := range images[:min(len(images), mostImages)] {
		var b bytes.Buffer
		size := img.Image.Bounds()
		if w, h := size.Dx(), size.Dy(); min(w, h) > 0 && max(w, h) <= imageSide {
			if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img.Image); err != nil {
				return err
			}
		}
		data := b.Bytes()
		if len(data) > left {
			data = nil
		}
		left -= len(data)
		list = append(list, data)
		if i > 0 {
			m = m.raw(",")
		}
		m = m.raw(`{"tag":`).text(short(img.Tag)).key("width").int(size.Dx()).key("height").int(size.Dy()).key("bytes").int(len(data)).raw("}")
	}
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	r.version++
	r.png = list
	r.images = m.raw("]").key("version").int(r.version).key("more").int(len(images) - len(list)).end()
	r.hub.publish(r.images)
	return nil
}

// Drawing shows the drawing of the network, an SVG file.
func (r *Run) Drawing(svg []byte) {
	if len(svg) > drawBytes {
		return
	}
	r.hub.mu.Lock()
	r.svg = svg
	r.hub.mu.Unlock()
	r.set(&r.drawing, newMessage("drawing", r.number).end())
}

// image returns an image by its number, nil if there is none.
func (r *Run) image(number int) []byte {
	r.hub.mu.Lock()
	defer r.hub.mu.Unlock()
	if number < 0 || number >= len(r.png) {
		return nil
	}
	return r.png[number]
}
