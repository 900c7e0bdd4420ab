package chart

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// palette is the list of colours of lines and classes.
var palette = []color.RGBA{
	{0x1f, 0x77, 0xb4, 0xff}, {0xd6, 0x27, 0x28, 0xff}, {0x2c, 0xa0, 0x2c, 0xff}, {0x94, 0x67, 0xbd, 0xff}, {0xff, 0x7f, 0x0e, 0xff},
	{0x8c, 0x56, 0x4b, 0xff}, {0xe3, 0x77, 0xc2, 0xff}, {0x7f, 0x7f, 0x7f, 0xff}, {0xbc, 0xbd, 0x22, 0xff}, {0x17, 0xbe, 0xcf, 0xff},
}

var grey = color.Gray{0xa0}

// colour returns the colour of a line or a class.
func colour(i int) color.RGBA { return palette[i%len(palette)] }

// newPlot returns an empty diagram.
func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(8)
	p.Legend.Padding = vg.Points(3)
	p.Legend.XOffs = -vg.Points(12)
	return p
}

// save writes a diagram to a PNG file.
func save(p *plot.Plot, width, height vg.Length, path string) error {
	picture, err := p.WriterTo(width, height, "png")
	if err == nil {
		err = atomicfile.Write(path, func(w io.Writer) error {
			_, err := picture.WriteTo(w)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("chart: %s: %w", path, err)
	}
	return nil
}
