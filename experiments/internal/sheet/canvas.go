package sheet

import (
	"image"
	"image/color"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// A typewriter draws captions in one font.
type typewriter struct {
	face           font.Face
	ascent, height int // of a line, in pixels
}

func newTypewriter() (*typewriter, error) {
	letters, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(letters, &opentype.FaceOptions{Size: 13, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, err
	}
	m := face.Metrics()
	return &typewriter{face, m.Ascent.Ceil(), m.Ascent.Ceil() + m.Descent.Ceil()}, nil
}

// width returns the width of the widest line of a text, in pixels.
func (t *typewriter) width(text string) int {
	w := 0
	for line := range strings.SplitSeq(text, "\n") {
		w = max(w, font.MeasureString(t.face, line).Ceil())
	}
	return w
}

// countLines returns the number of lines of a text.
func countLines(text string) int { return strings.Count(text, "\n") + 1 }

// A canvas is an image to draw on, with a font.
type canvas struct {
	*image.RGBA
	letters *typewriter
}

func newCanvas(width, height int, letters *typewriter) canvas {
	c := canvas{image.NewRGBA(image.Rect(0, 0, width, height)), letters}
	draw.Draw(c, c.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	return c
}

// write draws the lines of a text, with its upper left corner at (x, y).
func (c canvas) write(x, y int, text string, colour color.Color) {
	d := font.Drawer{Dst: c, Src: image.NewUniform(colour), Face: c.letters.face}
	for line := range strings.SplitSeq(text, "\n") {
		d.Dot = fixed.P(x, y+c.letters.ascent)
		d.DrawString(line)
		y += c.letters.height
	}
}

// draw draws an image at (x, y), each pixel as a square of side scale. Values are clamped to 0 to 1; NaN is black.
func (c canvas) draw(x, y int, pixels []float32, width, height, scale int) {
	for i, v := range pixels[:width*height] {
		grey := color.Gray{}
		if v > 0 {
			grey.Y = uint8(min(v, 1)*255 + 0.5)
		}
		at := image.Rect(0, 0, scale, scale).Add(image.Pt(x+i%width*scale, y+i/width*scale))
		draw.Draw(c, at, image.NewUniform(grey), image.Point{}, draw.Src)
	}
}
