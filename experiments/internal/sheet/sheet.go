// Package sheet draws tables of small grayscale images with captions.
package sheet

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// A Sheet is a table of images of one size.
type Sheet struct {
	Title         string // "" means none
	Width, Height int    // size of an image, in pixels
	Rows          []Row
}

// A Row is a row of images.
type Row struct {
	Caption string // left of the images; may have several lines
	Cells   []Cell
	Gap     bool // leave space above the row
}

// A Cell is an image with an optional text.
type Cell struct {
	Pixels []float32 // row by row, 0 is black and 1 is white
	Text   string    // below the image
	Wrong  bool      // draw the text in red, otherwise in green
}

// Sizes in pixels.
const (
	side   = 56 // an image is scaled to about this size
	margin = 12
	space  = 4  // between images
	gap    = 10 // extra space above a row with Gap
)

// Colours of the paper and of texts.
var (
	paper = color.Gray{0xff}
	ink   = color.Gray{0x20}
	right = color.RGBA{0x1a, 0x7f, 0x37, 0xff}
	wrong = color.RGBA{0xcf, 0x22, 0x2e, 0xff}
)

// Save writes the sheet to a PNG file.
func (s Sheet) Save(path string) error {
	m, err := s.Image()
	if err != nil {
		return err
	}
	err = atomicfile.Write(path, func(w io.Writer) error { return png.Encode(w, m) })
	if err != nil {
		return fmt.Errorf("sheet: %s: %w", path, err)
	}
	return nil
}

// Image draws the sheet. It returns an error if a cell's number of pixels is not Width·Height.
func (s Sheet) Image() (image.Image, error) {
	if s.Width < 1 || s.Height < 1 {
		return nil, fmt.Errorf("sheet: got images of %d×%d, want 1×1 or more", s.Width, s.Height)
	}
	for i, r := range s.Rows {
		for j, c := range r.Cells {
			if len(c.Pixels) != s.Width*s.Height {
				return nil, fmt.Errorf("sheet: row %d, cell %d: got %d pixels, want %d×%d", i, j, len(c.Pixels), s.Width, s.Height)
			}
		}
	}
	t, err := newTypewriter()
	if err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	l := s.layout(t)
	canvas := newCanvas(l.width, l.height, t)
	canvas.write(margin, margin, s.Title, ink)
	for i, r := range s.Rows {
		lines := countLines(r.Caption)
		canvas.write(margin, l.tops[i]+(l.cellHeight-lines*t.height)/2, r.Caption, ink)
		for j, c := range r.Cells {
			x := l.left + j*(l.cellWidth+space)
			canvas.draw(x, l.tops[i], c.Pixels, s.Width, s.Height, l.scale)
			colour := color.Color(right)
			if c.Wrong {
				colour = wrong
			}
			canvas.write(x+(l.cellWidth-t.width(c.Text))/2, l.tops[i]+l.cellHeight, c.Text, colour)
		}
	}
	return canvas.RGBA, nil
}
