package datasets

import (
	"fmt"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"gorgonia.org/tensor"
)

// Images are grey pictures of one size and their classes, as they come from a file: a byte a pixel.
type Images struct {
	Rows, Cols int
	Pixels     []uint8 // Rows·Cols for each picture, row after row; 0 to 255
	Labels     []uint8 // the class of each picture
}

// Len returns the number of pictures.
func (m *Images) Len() int { return len(m.Labels) }

// X returns the pictures as float32 from 0 to 1, a picture a row: of shape (Len, Rows·Cols).
func (m *Images) X() *tensor.Dense { return dense(m.unit(), m.Len(), m.Rows*m.Cols) }

// Planes returns the pictures as float32 from 0 to 1, for convolutions: of shape (Len, 1, Rows, Cols).
func (m *Images) Planes() *tensor.Dense { return dense(m.unit(), m.Len(), 1, m.Rows, m.Cols) }

// Y returns the classes as numbers in float32, of shape (Len).
func (m *Images) Y() *tensor.Dense {
	y := make([]float32, len(m.Labels))
	for i, c := range m.Labels {
		y[i] = float32(c)
	}
	return dense(y, len(y))
}

// Arrays returns X and Y as a data set.
func (m *Images) Arrays() graph.Arrays { return graph.Arrays{X: m.X(), Y: m.Y()} }

// Split returns n pictures drawn at random by the seed, and the rest, both in random order.
func (m *Images) Split(n int, seed uint64) (first, rest *Images, err error) {
	if n < 1 || n >= m.Len() {
		return nil, nil, fmt.Errorf("datasets: Images.Split: n: got %d, want at least 1 and fewer than all %d images", n, m.Len())
	}
	order := rand.New(rand.NewPCG(seed, 0)).Perm(m.Len())
	return m.pick(order[:n]), m.pick(order[n:]), nil
}

// pick returns the pictures with the given numbers.
func (m *Images) pick(index []int) *Images {
	size := m.Rows * m.Cols
	p := &Images{m.Rows, m.Cols, make([]uint8, 0, len(index)*size), make([]uint8, 0, len(index))}
	for _, i := range index {
		p.Pixels = append(p.Pixels, m.Pixels[i*size:][:size]...)
		p.Labels = append(p.Labels, m.Labels[i])
	}
	return p
}

// units are the values of a byte, from 0 to 1.
var units = func() (u [256]float32) {
	for i := range u {
		u[i] = float32(i) / 255
	}
	return u
}()

// unit returns the pixels as float32 from 0 to 1.
func (m *Images) unit() []float32 {
	x := make([]float32, len(m.Pixels))
	kernels.Default().For(len(x), 1<<14, func(lo, hi int) {
		out := x[lo:hi]
		for i, p := range m.Pixels[lo:hi] {
			out[i] = units[p]
		}
	})
	return x
}
