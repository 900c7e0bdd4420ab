package ops

import "fmt"

// Constant is a tensor whose elements are known when the graph is built.
type Constant struct {
	shape  []int
	values []float64
}

// NewConstant returns a constant of the given shape; neither slice may change afterwards.
func NewConstant(shape []int, values []float64) *Constant { return &Constant{shape, values} }

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
