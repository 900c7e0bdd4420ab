package ops

import "github.com/nndiy/nndiy/internal/kernels"

// ProductSums is Aᵀ·B and, after that, the sums of B's columns, as [kernels.MatMulSums] computes them. B may have more dimensions
// than two: all but the last are its rows. Lower makes it from a product and a sum.
type ProductSums struct{}

// String implements Def.
func (ProductSums) String() string { return "ProductSums" }

// Infer implements Def. Lower makes a ProductSums after shapes are known.
func (ProductSums) Infer(in [][]int) ([]int, error) {
	cols := in[1][len(in[1])-1]
	return []int{(in[0][1] + 1) * cols}, nil
}

// Diff implements Def. Lower makes a ProductSums after derivatives.
func (ProductSums) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (ProductSums) Bind(o *Op) Kernel {
	return Kernel{F32: bindProductSums[float32](o), F64: bindProductSums[float64](o)}
}

func bindProductSums[T kernels.Float](o *Op) func(out []T, in [][]T) {
	depth, rows := o.InShape(0)[0], o.InShape(0)[1]
	cols := o.size / (rows + 1)
	return func(out []T, in [][]T) {
		product, sums := out[:rows*cols], out[rows*cols:]
		a := kernels.Dense(in[0], depth, rows).Transposed()
		kernels.MatMulSums(o.env.Pool, kernels.Dense(product, rows, cols), a, kernels.Dense(in[1], depth, cols), sums)
	}
}
