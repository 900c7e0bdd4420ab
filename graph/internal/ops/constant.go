package ops

import (
	"fmt"
	"math"
)

// Constant is a tensor whose elements are known when the graph is built.
type Constant struct {
	shape  []int
	values []float64
	waves  []Wave
}

// A Wave is a function of the position t: sin(Rate·t), or with Cosine cos(Rate·t).
type Wave struct {
	Rate   float64
	Cosine bool
}

// At returns the value at position t.
func (w Wave) At(t int) float64 {
	if w.Cosine {
		return math.Cos(w.Rate * float64(t))
	}
	return math.Sin(w.Rate * float64(t))
}

// NewConstant returns a constant of the given shape; neither slice may change afterwards.
func NewConstant(shape []int, values []float64) *Constant {
	return &Constant{shape: shape, values: values}
}

// NewWaves returns a constant of the given shape. Dimension 0 is the position, and the elements at one position, in row-major
// order, are the values of the waves there.
func NewWaves(shape []int, waves []Wave) *Constant {
	c := &Constant{shape, make([]float64, shape[0]*len(waves)), waves}
	for i := range c.values {
		c.values[i] = waves[i%len(waves)].At(i / len(waves))
	}
	return c
}

// String implements Def. Its address keeps two constants from being merged.
func (c *Constant) String() string { return fmt.Sprintf("Constant%v %p", c.shape, c) }

// Infer implements Def.
func (c *Constant) Infer([][]int) ([]int, error) { return c.shape, nil }

// Diff implements Def.
func (c *Constant) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (c *Constant) Bind(*Op) Kernel {
	return Kernel{
		F32: func(out []float32, _ [][]float32) {
			for i, v := range c.values {
				out[i] = float32(v)
			}
		},
		F64: func(out []float64, _ [][]float64) { copy(out, c.values) },
	}
}

// Values returns the elements, which must not be changed.
func (c *Constant) Values() []float64 { return c.values }

// Waves returns the functions that a constant of NewWaves consists of, nil for other constants. They say what it is for another
// number of positions.
func (c *Constant) Waves() []Wave { return c.waves }
