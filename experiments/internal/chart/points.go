package chart

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Points is a diagram of points in a plane.
type Points struct {
	Title, X, Y string
	At          [][2]float64
	Class       []int      // class of each point, drawn as its colour; nil means one colour and no legend
	Regions     *Regions   // background; nil means none; needs Frame
	Lines       []Polyline // drawn over the points
	Frame       [4]float64 // minimum and maximum of x, then of y; zero means the range of the points
	Radius      vg.Length  // radius of a point; 0 means 1.6 typographic points

	Colours []color.RGBA // of the classes, such as Distinct; nil means the colours of all diagrams
	Named   bool         // write the number of each class at the median of its points

	LegendBelow bool // the legend is at the bottom instead of the top
}

// Distinct are ten colours for people with any kind of colour blindness: the scheme "muted" of Paul Tol, with a darker grey,
// Colour Schemes (2021).
var Distinct = []color.RGBA{
	{0x33, 0x22, 0x88, 0xff}, {0x88, 0xcc, 0xee, 0xff}, {0x44, 0xaa, 0x99, 0xff}, {0x11, 0x77, 0x33, 0xff}, {0x99, 0x99, 0x33, 0xff},
	{0xdd, 0xcc, 0x77, 0xff}, {0xcc, 0x66, 0x77, 0xff}, {0x88, 0x22, 0x55, 0xff}, {0xaa, 0x44, 0x99, 0xff}, {0x80, 0x80, 0x80, 0xff},
}

// Regions is a grid of classes over the frame: rows of Width classes, the top row first.
type Regions struct {
	Width int
	Class []int
}

// A Polyline is a line through points.
type Polyline struct {
	Name string
	At   [][2]float64
}

// Save writes the diagram to a PNG file.
func (d Points) Save(path string) error {
	p := newPlot(d.Title, d.X, d.Y)
	p.Legend.Top = !d.LegendBelow
	if err := d.add(p); err != nil {
		return fmt.Errorf("chart: %s: %w", path, err)
	}
	if d.Frame != [4]float64{} {
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = d.Frame[0], d.Frame[1], d.Frame[2], d.Frame[3]
	}
	return save(p, 6*vg.Inch, 5.4*vg.Inch, path)
}

// add adds the regions, the points and the lines to a plot.
func (d Points) add(p *plot.Plot) error {
	if d.Regions != nil {
		p.Add(plotter.NewImage(d.Regions.image(), d.Frame[0], d.Frame[2], d.Frame[1], d.Frame[3]))
	}
	for class, points := range d.groups() {
		if len(points) == 0 {
			continue
		}
		s, err := plotter.NewScatter(points)
		if err != nil {
			return err
		}
		s.Color, s.Shape, s.Radius = d.colour(class), draw.CircleGlyph{}, d.Radius
		if d.Radius == 0 {
			s.Radius = vg.Points(1.6)
		}
		p.Add(s)
		if d.Class != nil {
			p.Legend.Add(strconv.Itoa(class), s)
		}
	}
	if d.Named {
		if err := d.name(p); err != nil {
			return err
		}
	}
	for i, l := range d.Lines {
		line, err := plotter.NewLine(xys(l.At))
		if err != nil {
			return fmt.Errorf("%s: %w", l.Name, err)
		}
		line.Color, line.Width = colour(i+1), vg.Points(2)
		p.Add(line)
		p.Legend.Add(l.Name, line)
	}
	return nil
}

// colour returns the colour of a class.
func (d Points) colour(class int) color.RGBA {
	if len(d.Colours) == 0 {
		return colour(class)
	}
	return d.Colours[class%len(d.Colours)]
}

// name adds the number of each class at the median of its points.
func (d Points) name(p *plot.Plot) error {
	var l plotter.XYLabels
	for class, points := range d.groups() {
		if len(points) == 0 {
			continue
		}
		xs, ys := make([]float64, len(points)), make([]float64, len(points))
		for i, at := range points {
			xs[i], ys[i] = at.X, at.Y
		}
		slices.Sort(xs)
		slices.Sort(ys)
		l.XYs = append(l.XYs, plotter.XY{X: xs[len(xs)/2], Y: ys[len(ys)/2]})
		l.Labels = append(l.Labels, strconv.Itoa(class))
	}
	labels, err := plotter.NewLabels(l)
	if err != nil {
		return err
	}
	for i := range labels.TextStyle {
		labels.TextStyle[i].Font.Size, labels.TextStyle[i].XAlign, labels.TextStyle[i].YAlign = vg.Points(16), text.XCenter, text.YCenter
	}
	p.Add(labels)
	return nil
}

// groups returns the points by class.
func (d Points) groups() []plotter.XYs {
	if d.Class == nil {
		return []plotter.XYs{xys(d.At)}
	}
	var groups []plotter.XYs
	for i, c := range d.Class {
		for len(groups) <= c {
			groups = append(groups, nil)
		}
		groups[c] = append(groups[c], plotter.XY{X: d.At[i][0], Y: d.At[i][1]})
	}
	return groups
}

func xys(list [][2]float64) plotter.XYs {
	points := make(plotter.XYs, len(list))
	for i, p := range list {
		points[i] = plotter.XY{X: p[0], Y: p[1]}
	}
	return points
}

// image returns the regions in pale versions of their classes' colours.
func (r *Regions) image() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, r.Width, len(r.Class)/r.Width))
	for i, class := range r.Class {
		c := colour(class)
		pale := func(v uint8) uint8 { return 255 - (255-v)/4 }
		m.SetRGBA(i%r.Width, i/r.Width, color.RGBA{pale(c.R), pale(c.G), pale(c.B), 255})
	}
	return m
}

// Frame returns a frame around the points with a margin of 5% on each side.
func Frame(points [][2]float64) [4]float64 {
	f := [4]float64{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, p := range points {
		for axis, v := range p {
			f[2*axis], f[2*axis+1] = min(f[2*axis], v), max(f[2*axis+1], v)
		}
	}
	for axis := range 2 {
		margin := 0.05 * (f[2*axis+1] - f[2*axis])
		if margin == 0 {
			margin = 1
		}
		f[2*axis], f[2*axis+1] = f[2*axis]-margin, f[2*axis+1]+margin
	}
	return f
}
