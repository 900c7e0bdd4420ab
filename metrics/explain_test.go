package metrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/require"
)

// TestExplain: for every metric, shape and kind of targets there is either a score or an error that explains the NaN. A shape
// that Check refuses is such an error too.
func TestExplain(t *testing.T) {
	all := scorers()
	for _, m := range append(twoClasses(0.25, false), twoClasses(0.25, true)...) {
		all[fmt.Sprintf("%T%+v", m, m)] = m
	}
	shapes := [][]int{{4}, {4, 1}, {4, 2}, {4, 3}, {4, 4}, {2, 2}, {2, 2, 1}, {2, 2, 2}, {2, 2, 3}, {12}, {3, 4}}
	bad := map[string]float64{"class 9": 9, "class -1": -1, "a fraction": 0.25, "NaN": nan, "infinite": inf}
	tried := map[string]int{}
	for name, scored := range all {
		m := scored.(explained)
		numbers := strings.HasSuffix(name, "mse") || name == "mae" || name == "r2"
		try := func(kind string, pred, target *graph.Tensor) {
			shape := []int(nil)
			if target != nil {
				shape = target.Shape()
			}
			check, explain, score := m.Check(pred.Shape(), shape), m.Explain(pred, target), m.Score(pred, target)
			good := kind == "classes"
			switch where := fmt.Sprintf("%s: %s of shape %v for %v", name, kind, shape, pred.Shape()); {
			case check != nil:
				require.Error(t, explain, where)
				require.True(t, math.IsNaN(score), where)
			case explain != nil:
				require.True(t, math.IsNaN(score), where)
				require.False(t, good, "%s: %v", where, explain)
				tried[name+" explained"]++
			default:
				require.True(t, good || numbers, where)
				require.False(t, math.IsNaN(score) && good, where)
				tried[name]++
			}
		}
		for _, shape := range shapes {
			pred := probabilities(shape)
			for _, to := range shapes {
				n, k := size(to), to[len(to)-1]
				rows := len(to) > 1 && k > 1 && fits(shape, to, 0) == nil && len(shape) == len(to)
				if _, ok := m.(BinaryAccuracy); ok { // each element is a class
					rows = false
				}
				classes := func() []float64 {
					list := make([]float64, n)
					for i := range list {
						if list[i] = float64(i % 2); numbers {
							list[i] = float64(i * 7 % n)
						}
					}
					if rows && !numbers {
						list = oneHot(list[:n/k], k)
					}
					return list
				}
				try("classes", pred, dense(classes(), to...))
				for kind, v := range bad {
					list := classes()
					list[n-1] = v
					try(kind, pred, dense(list, to...))
				}
				try("bool", pred, dense(make([]bool, n), to...))
				try("string", pred, dense(make([]string, n), to...))
				try("complex", pred, dense(make([]complex128, n), to...))
			}
			try("nil", pred, nil)
		}
		require.NotZero(t, tried[name], name)
		require.NotZero(t, tried[name+" explained"], name)
	}
}

// probabilities returns predictions of the given shape, whose rows sum to 1 if they have several elements. They are of both
// classes, and no two rows are equal.
func probabilities(shape []int) *graph.Tensor {
	n, k := size(shape), shape[len(shape)-1]
	list := make([]float64, n)
	if len(shape) == 1 || k == 1 {
		for i := range list {
			list[i] = float64(1+i*5%n) / float64(n+1)
		}
		return dense(list, shape...)
	}
	for i := range n / k {
		p := float64(1+i*5%(n/k)) / float64(n/k+1)
		for j := range k {
			list[i*k+j] = (1 - p) / float64(k-1)
		}
		list[i*k+1] = p
	}
	return dense(list, shape...)
}
