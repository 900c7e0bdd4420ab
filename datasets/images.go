package datasets

import (
	"fmt"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"gorgonia.org/tensor"
)

// Images are greyscale images of the same size, one byte per pixel, and their classes, as read by MNIST or IDX. If there are not
// Rows·Cols pixels for each label, Split returns an error, and so does all that takes Arrays, since X and Y have different lengths.
type Images struct {
	Rows, Cols int     // height and width in pixels
	Pixels     []uint8 // Rows·Cols for each image, in row-major order, from 0 to 255
	Labels     []uint8 // the class of each image
}

// Len returns the number of images.
func (m *Images) Len() int { return len(m.Labels) }

// X returns the pixels as float32 from 0 to 1, of shape (images, Rows·Cols): one image per row. If they are not a number of whole
// images, the shape is (pixels).
func (m *Images) X() *tensor.Dense { return m.shaped(m.Rows * m.Cols) }

// Planes returns the pixels as float32 from 0 to 1, of shape (images, 1, Rows, Cols), as layers.Conv2D takes them; see X.
func (m *Images) Planes() *tensor.Dense { return m.shaped(1, m.Rows, m.Cols) }

// shaped returns the pixels of images of a shape.
func (m *Images) shaped(image ...int) *tensor.Dense {
	size := m.Rows * m.Cols
	if m.Rows < 1 || m.Cols < 1 || len(m.Pixels)%size != 0 {
		return dense(m.unit(), len(m.Pixels))
	}
	return dense(m.unit(), append([]int{len(m.Pixels) / size}, image...)...)
}

// check returns an error unless there are pixels for each label.
func (m *Images) check() error {
	if m.Rows < 1 || m.Cols < 1 {
		return fmt.Errorf("Rows and Cols: got %d and %d, want 1 or more", m.Rows, m.Cols)
	}
	if want := m.Len() * m.Rows * m.Cols; len(m.Pixels) != want {
		return fmt.Errorf("Pixels: got %d, want %d for %d labels and %d×%d pixels", len(m.Pixels), want, m.Len(), m.Rows, m.Cols)
	}
	return nil
}

// Y returns the class numbers as float32, of shape (Len).
func (m *Images) Y() *tensor.Dense {
	y := make([]float32, len(m.Labels))
	for i, c := range m.Labels {
		y[i] = float32(c)
	}
	return dense(y, len(y))
}

// Arrays returns X and Y as a graph.Dataset in memory.
func (m *Images) Arrays() graph.Arrays { return graph.Arrays{X: m.X(), Y: m.Y()} }

// Split returns n images drawn at random from the seed, and the rest, both in random order and as copies. An n below 1 or not
// less than Len is an error.
func (m *Images) Split(n int, seed uint64) (first, rest *Images, err error) {
	if err := m.check(); err != nil {
		return nil, nil, fmt.Errorf("datasets: Images.Split: %w", err)
	}
	if n < 1 || n >= m.Len() {
		return nil, nil, fmt.Errorf("datasets: Images.Split: n: got %d, want at least 1 and fewer than all %d images", n, m.Len())
	}
	order := rand.New(rand.NewPCG(seed, 0)).Perm(m.Len())
	return m.pick(order[:n]), m.pick(order[n:]), nil
}

// pick returns copies of the images with the given indices.
func (m *Images) pick(index []int) *Images {
	size := m.Rows * m.Cols
	p := &Images{m.Rows, m.Cols, make([]uint8, 0, len(index)*size), make([]uint8, 0, len(index))}
	for _, i := range index {
		p.Pixels = append(p.Pixels, m.Pixels[i*size:][:size]...)
		p.Labels = append(p.Labels, m.Labels[i])
	}
	return p
}

// units maps a byte to its pixel value from 0 to 1.
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
