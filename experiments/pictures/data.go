package main

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// shapes are the classes, each as a function that tells whether a point is inside; coordinates are relative to the shape's size.
var shapes = map[string]func(x, y float64) bool{
	"circle":   func(x, y float64) bool { return math.Hypot(x, y) < 0.9 },
	"ring":     func(x, y float64) bool { return math.Abs(math.Hypot(x, y)-0.75) < 0.25 },
	"square":   func(x, y float64) bool { return max(math.Abs(x), math.Abs(y)) < 0.8 },
	"triangle": func(x, y float64) bool { return y < 0.7 && y > 1.8*math.Abs(x)-0.9 },
}

var names = []string{"circle", "ring", "square", "triangle"}

// data returns the pictures of a folder, or of shapes that it draws, in three parts; done removes what it has drawn.
func data(l *lab.Lab, s settings) (train, valid, test *datasets.PictureSet, done func(), err error) {
	done = func() {}
	folder, testing := s.Folder, max(l.Valid, 1)
	if folder == "" {
		if folder, err = os.MkdirTemp("", "pictures-*"); err != nil {
			return nil, nil, nil, done, err
		}
		done = func() { os.RemoveAll(folder) }
		if err = draw(folder, l.Train+l.Valid+testing, l.Seed); err != nil {
			done()
			return nil, nil, nil, done, err
		}
	}
	set, err := datasets.Pictures{Picture: datasets.Picture{Height: s.Side, Width: s.Side, Resize: datasets.Fit}, SkipDamaged: true}.Open(folder)
	if err == nil && set.Labels == nil {
		err = fmt.Errorf("-folder: %s: got pictures without classes, want a folder for each class", folder)
	}
	if err == nil {
		for _, damaged := range set.Damaged {
			fmt.Fprintf(l.Stdout, "left out: %v\n", damaged)
		}
		if n, want := set.Len(), l.Train+l.Valid+testing; n < want { // in the same proportion
			l.Train, l.Valid = n*l.Train/want, n*l.Valid/want
		}
		train, valid, err = set.Split(l.Train, l.Seed)
	}
	if err == nil {
		valid, test, err = valid.Split(l.Valid, l.Seed)
	}
	if err != nil {
		done()
		return nil, nil, nil, func() {}, err
	}
	return train, valid, test, done, nil
}

// draw writes n pictures of 100×100 pixels to folders, as many of each class.
func draw(folder string, n int, seed uint64) error {
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o777); err != nil {
			return err
		}
	}
	for i := range n {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		name := names[i%len(names)]
		picture := shape(rng, shapes[name])
		err := atomicfile.Write(filepath.Join(folder, name, fmt.Sprintf("%05d.jpg", i)), func(w io.Writer) error {
			return jpeg.Encode(w, picture, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// shape draws a shape at a random place, of random size, angle and colours, with noise.
func shape(rng *rand.Rand, inside func(x, y float64) bool) image.Image {
	const side = 100
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	size := 22 + 22*rng.Float64()
	cx, cy := size+(side-2*size)*rng.Float64(), size+(side-2*size)*rng.Float64()
	sin, cos := math.Sincos(0.6*rng.Float64() - 0.3)
	var front, back [3]float64
	for c := range front { // a light colour before a dark one
		front[c], back[c] = 150+105*rng.Float64(), 100*rng.Float64()
	}
	for y := range side {
		for x := range side {
			dx, dy := (float64(x)-cx)/size, (float64(y)-cy)/size
			colour := back
			if inside(dx*cos+dy*sin, dy*cos-dx*sin) {
				colour = front
			}
			level := func(c int) uint8 { return uint8(min(max(colour[c]+20*rng.NormFloat64(), 0), 255)) }
			m.SetRGBA(x, y, color.RGBA{level(0), level(1), level(2), 255})
		}
	}
	return m
}
