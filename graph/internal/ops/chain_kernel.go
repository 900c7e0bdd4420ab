package ops

import (
	"strings"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A chainKernel computes the first links of a chain, or all, run by run, with the same bits as the links one by one.
type chainKernel[T kernels.Float] struct {
	links   []Link
	numbers string // a letter for each input: n for a single number, s for a slice
	f       func(dst []T, in [][]T)
	runs    func(dst []T, in [][]T, run int) // computes several runs, whose numbers are in slices; may be nil
	rows    []int                            // the inputs that runs reads a single run of
}

// link returns a link of a function without constants.
func link(c Code, a, b int) Link { return Link{Map: Map{Code: c}, Args: [2]int{a, b}} }

// The chains of Normalize and of its derivative by x.
var (
	normal     = []Link{link(Sub, 0, 1), link(Mul, 4, 2), link(Add, 5, 3)}
	normalRow  = []Link{link(Sub, 0, 1), link(Mul, 5, 2), link(Mul, 6, 3), link(Add, 7, 4)}
	normalGrad = []Link{link(Mul, 0, 1), link(Sub, 2, 3), link(Mul, 7, 4), link(Add, 8, 5), link(Add, 6, 9)}
	rowGrad    = []Link{link(Mul, 0, 1), link(Mul, 7, 2), link(Sub, 3, 4), link(Mul, 9, 5), link(Add, 10, 6), link(Add, 8, 11)}
)

// firstLinks returns the kernel of the first links of a chain, as many as it can; nil if there is none.
func firstLinks[T kernels.Float](c Chain, number []bool) *chainKernel[T] {
	var numbers strings.Builder
	for _, n := range number[:c.Inputs] {
		numbers.WriteByte(map[bool]byte{true: 'n', false: 's'}[n])
	}
	for _, k := range []chainKernel[T]{
		{[]Link{link(Copy, 0, 0)}, "n", func(y []T, v [][]T) { kernels.Fill(y, v[0][0]) }, nil, nil},
		{normal, "snnn", func(y []T, v [][]T) { kernels.Normalize(y, v[0], v[1][0], v[2][0], v[3][0]) },
			func(y []T, v [][]T, run int) { kernels.NormalizeRuns(y, v[0], v[1], v[2], v[3], run, 0) }, nil},
		{normal, "ssss", func(y []T, v [][]T) { kernels.NormalizeColumns(y, v[0], v[1], v[2], v[3]) }, nil, nil},
		{normalRow, "snnss", func(y []T, v [][]T) { kernels.NormalizeRow(y, v[0], v[3], v[4], v[1][0], v[2][0]) },
			func(y []T, v [][]T, run int) { kernels.NormalizeRowRuns(y, v[0], v[3], v[4], v[1], v[2], run) }, []int{3, 4}},
		{normalGrad, "snsnnn", func(y []T, v [][]T) { kernels.NormalGrad(y, v[0], v[2], v[1][0], v[3][0], v[4][0], v[5][0]) },
			func(y []T, v [][]T, run int) { kernels.NormalGradRuns(y, v[0], v[2], v[1], v[3], v[4], v[5], run, 0) }, nil},
		{normalGrad, "ssssss", func(y []T, v [][]T) { kernels.NormalGradColumns(y, v[0], v[2], v[1], v[3], v[4], v[5]) }, nil, nil},
		{rowGrad, "snssnnn", func(y []T, v [][]T) {
			kernels.NormalGradRow(y, v[0], v[3], v[2], v[1][0], v[4][0], v[5][0], v[6][0])
		}, func(y []T, v [][]T, run int) {
			kernels.NormalGradRowRuns(y, v[0], v[3], v[2], v[1], v[4], v[5], v[6], run)
		}, []int{2}},
	} {
		if strings.HasPrefix(numbers.String(), k.numbers) && k.begins(c) && !number[c.Inputs+len(k.links)-1] {
			return &k
		}
	}
	return nil
}

// begins reports whether the chain begins with the links of k, with inputs that come first among its own.
func (k *chainKernel[T]) begins(c Chain) bool {
	if len(k.links) > len(c.Links) {
		return false
	}
	for i, l := range k.links {
		for j, a := range l.Args {
			if a >= len(k.numbers) {
				l.Args[j] = a + c.Inputs - len(k.numbers)
			}
		}
		if l != c.Links[i] {
			return false
		}
	}
	last := len(k.links) - 1 // other links must not read what the kernel does not write
	for _, l := range c.Links[len(k.links):] {
		for _, a := range l.Args {
			if a >= c.Inputs && a < c.Inputs+last {
				return false
			}
		}
	}
	return true
}

// withNumber returns the kernel of a function whose left or right argument is a single number, nil if no kernel gives the
// same bits.
func withNumber[T kernels.Float](c Code, left bool) func(dst, a, b []T) {
	switch {
	case c == Add && left:
		return func(dst, a, b []T) { kernels.Shift(dst, b, a[0]) }
	case c == Add:
		return func(dst, a, b []T) { kernels.Shift(dst, a, b[0]) }
	case c == Sub && left:
		return func(dst, a, b []T) { kernels.SubScalarLeft(dst, a[0], b) }
	case c == Sub:
		return func(dst, a, b []T) { kernels.Shift(dst, a, -b[0]) }
	case c == Mul && left:
		return func(dst, a, b []T) { kernels.Scale(dst, b, a[0]) }
	case c == Mul:
		return func(dst, a, b []T) { kernels.Scale(dst, a, b[0]) }
	case c == Div && left:
		return func(dst, a, b []T) { kernels.DivScalarLeft(dst, a[0], b) }
	case c == Div:
		return func(dst, a, b []T) { kernels.DivScalar(dst, a, b[0]) }
	}
	return nil
}
