package eval

import (
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{"Einsum": op(1, 64, "equation", einsum), "Det": op(1, 1, "", det)})
}

var einsums = table[func(c *call, shape []int, sizes []int, by [][]int) *Tensor]{
	proto.Float32: summed[float32], proto.Float64: summed[float64], proto.Int32: summed[int32], proto.Int64: summed[int64],
}

// einsum sums products over the letters that the result does not have. The letters of an ellipsis are broadcast.
func einsum(c *call) *Tensor {
	equation := strings.ReplaceAll(c.str("equation", ""), " ", "")
	left, result, explicit := strings.Cut(equation, "->")
	terms := strings.Split(left, ",")
	c.want(len(terms) == len(c.inputs), "attribute equation: got %d terms in %.64q, want %d", len(terms), equation, len(c.inputs))
	const dots = 'Z' + 1 // the axes of ellipses are dots, dots+1, ..., the last one first
	sizes, counts, most := map[rune]int{}, map[rune]int{}, 0
	labels := make([][]rune, len(terms))
	for i, term := range terms {
		x := c.in(i)
		before, after, ellipsis := strings.Cut(term, "...")
		axes := []rune(before)
		if ellipsis {
			n := len(x.Shape) - len(before) - len(after)
			c.want(n >= 0 && n < 26, "got %.64q for shape %v, want a term with fewer letters", term, x.Shape)
			for k := n - 1; k >= 0; k-- {
				axes = append(axes, -rune(dots+k))
			}
			most = max(most, n)
			axes = append(axes, []rune(after)...)
		}
		c.want(len(axes) == len(x.Shape), "got %.64q for shape %v, want a letter for each axis", term, x.Shape)
		for k, r := range axes {
			c.want(r < 0 || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z', "attribute equation: got %q in %.64q, want letters", r, equation)
			d, ok := sizes[r]
			c.want(!ok || d == x.Shape[k] || d == 1 || x.Shape[k] == 1, "got sizes %d and %d for one letter of %.64q, want equal ones", d, x.Shape[k], equation)
			if !ok || d == 1 {
				sizes[r] = x.Shape[k]
			}
			counts[r]++
		}
		labels[i] = axes
	}
	var out []rune
	ellipsis := func() {
		for k := most - 1; k >= 0; k-- {
			out = append(out, -rune(dots+k))
		}
	}
	if explicit {
		before, after, has := strings.Cut(result, "...")
		out = []rune(before)
		if has {
			ellipsis()
			out = append(out, []rune(after)...)
		}
	} else {
		ellipsis()
		for r := 'A'; r <= 'z'; r++ {
			if counts[r] == 1 {
				out = append(out, r)
			}
		}
	}
	order := slices.Clone(out)
	var shape []int
	for i, r := range out {
		_, ok := sizes[r]
		c.want(ok && !slices.Contains(out[:i], r), "attribute equation: got %q in the result of %.64q, want a letter of the terms, once", r, equation)
		shape = append(shape, sizes[r])
	}
	for _, axes := range labels {
		for _, r := range axes {
			if !slices.Contains(order, r) {
				order = append(order, r)
			}
		}
	}
	var all []int
	for _, r := range order {
		all = append(all, sizes[r])
	}
	by := make([][]int, len(labels))
	for i, axes := range labels {
		c.sameType(c.in(0), c.in(i))
		by[i] = make([]int, len(order))
		for k, s := range strides(c.in(i).Shape) {
			if c.in(i).Shape[k] != 1 {
				by[i][slices.Index(order, axes[k])] += s
			}
		}
	}
	c.spend(product(append([]int{len(labels)}, all...)...))
	return pick(c, c.in(0), einsums)(c, c.shape(append([]int{}, shape...)...), all, by)
}

// summed adds the products over all positions of sizes; the first axes are those of the result.
func summed[T number](c *call, shape, sizes []int, by [][]int) *Tensor {
	out := make(list[T], sizeOf(shape))
	n := sizeOf(sizes[len(shape):])
	in := make([]list[T], len(by))
	for i := range by {
		in[i] = c.in(i).data.(list[T])
	}
	pos, at := make([]int, len(sizes)), make([]int, len(by))
	for i := range out {
		for range n {
			v := T(1)
			for k := range in {
				v *= in[k][at[k]]
			}
			out[i] += v
			for d := len(sizes) - 1; d >= 0; d-- {
				for k := range at {
					at[k] += by[k][d]
				}
				if pos[d]++; pos[d] < sizes[d] {
					break
				}
				for k := range at {
					at[k] -= sizes[d] * by[k][d]
				}
				pos[d] = 0
			}
		}
	}
	return &Tensor{shape, out}
}

// det is the determinant of matrices, by elimination with pivots.
func det(c *call) *Tensor {
	x := c.in(0)
	k := len(x.Shape) - 2
	c.want(k >= 0 && x.Shape[k] == x.Shape[k+1] && isFloat(x), "got %v of shape %v, want square matrices", x.Type(), x.Shape)
	n := x.Shape[k]
	c.spend(product(x.Size(), n))
	in, out := x.Doubles(), make([]float64, sizeOf(x.Shape[:k]))
	for i := range out {
		m := in[i*n*n : (i+1)*n*n]
		out[i] = 1
		for col := range n {
			pivot := col
			for r := col; r < n; r++ {
				if a, b := m[r*n+col], m[pivot*n+col]; max(a, -a) > max(b, -b) {
					pivot = r
				}
			}
			if pivot != col {
				out[i] = -out[i]
				for j := range n {
					m[col*n+j], m[pivot*n+j] = m[pivot*n+j], m[col*n+j]
				}
			}
			if out[i] *= m[col*n+col]; out[i] == 0 {
				break
			}
			for r := col + 1; r < n; r++ {
				f := m[r*n+col] / m[col*n+col]
				for j := col; j < n; j++ {
					m[r*n+j] -= f * m[col*n+j]
				}
			}
		}
	}
	return of(append([]int{}, x.Shape[:k]...), out).as(x.Type())
}
