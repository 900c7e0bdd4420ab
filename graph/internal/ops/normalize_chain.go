package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// NormalizeChain is a Normalize and the element-wise functions that follow it, such as the ReLU behind a BatchNorm, in one pass over
// memory. Input 0 of After is the normalized value; its other inputs, each as large as the output or of one element, come after those of
// the Normalize. The output may have another shape than the input of the Normalize, with the same elements.
type NormalizeChain struct {
	Normalize Normalize
	After     Chain
}

// String implements Def.
func (c NormalizeChain) String() string { return fmt.Sprintf("%s, then %s", c.Normalize, c.After) }

// Infer implements Def. Lower makes a NormalizeChain after shapes are known.
func (c NormalizeChain) Infer(in [][]int) ([]int, error) { return c.After.Infer(in) }

// Diff implements Def. Lower makes a NormalizeChain after derivatives.
func (c NormalizeChain) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (c NormalizeChain) Bind(o *Op) Kernel {
	return Kernel{F32: bindNormalizeChain[float32](c, o), F64: bindNormalizeChain[float64](c, o)}
}

func bindNormalizeChain[T kernels.Float](c NormalizeChain, o *Op) func(out []T, in [][]T) {
	whole, first := c.whole(), c.Normalize.inputs()
	x := o.InShape(0)
	layouts := make([]layout, whole.Inputs)
	for i := range layouts {
		switch s := o.InShape(i); {
		case i < first:
			layouts[i] = newLayout(s, x)
		case tensors.Size(s) == 1:
			layouts[i] = newLayout(nil, x)
		default:
			layouts[i] = newLayout(x, x)
		}
	}
	return bindLayouts[T](whole, o, layouts)
}

// whole returns all functions.
func (c NormalizeChain) whole() Chain {
	normal := c.Normalize.chain()
	first, more, links := normal.Inputs, c.After.Inputs-1, len(normal.Links)
	all := Chain{Inputs: first + more, Links: slices.Clone(normal.Links)}
	for i, l := range all.Links {
		for k, a := range l.Args {
			if a >= first {
				all.Links[i].Args[k] = a + more
			}
		}
	}
	for _, l := range c.After.Links {
		for k, a := range l.Args {
			switch {
			case a == 0:
				l.Args[k] = all.Inputs + links - 1
			case a <= more:
				l.Args[k] = first + a - 1
			default:
				l.Args[k] = all.Inputs + links + a - c.After.Inputs
			}
		}
		all.Links = append(all.Links, l)
	}
	return all
}
