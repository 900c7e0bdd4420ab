package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Steps turns lengths, (batch), into a mask, (batch, Time): 1 for the first steps of a row, as many as its length, 0 elsewhere. A
// length that is not an integer from 1 to Time is an error when the graph runs.
type Steps struct{ Time int }

// String implements Def.
func (s Steps) String() string { return fmt.Sprintf("Steps(%d)", s.Time) }

// Infer implements Def.
func (s Steps) Infer(in [][]int) ([]int, error) {
	if len(in[0]) != 1 {
		return nil, fmt.Errorf("got lengths of shape %v, want (batch)", in[0])
	}
	if s.Time < 1 {
		return nil, fmt.Errorf("got %d steps, want 1 or more", s.Time)
	}
	return []int{in[0][0], s.Time}, nil
}

// Diff implements Def.
func (s Steps) Diff(*Graph, *Node, *Node) []*Node { return []*Node{nil} }

// Bind implements Def.
func (s Steps) Bind(*Op) Kernel {
	return Kernel{
		F32: func(out []float32, in [][]float32) { steps(out, in[0], s.Time) },
		F64: func(out []float64, in [][]float64) { steps(out, in[0], s.Time) },
	}
}

func steps[T kernels.Float](out, lengths []T, time int) {
	for i, n := range lengths {
		length := 0
		if n >= 1 && n <= T(time) {
			length = int(n)
		}
		if T(length) != n || length == 0 {
			panic(fmt.Errorf("row %d: got a length of %v, want an integer from 1 to %d, the number of steps", i, n, time))
		}
		row := out[i*time:][:time]
		for t := range row {
			row[t] = 0
			if t < length {
				row[t] = 1
			}
		}
	}
}
