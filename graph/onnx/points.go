package onnx

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// batches are the batch sizes that a network is built for, to find what depends on them. They are primes, so that a
// dimension is unlikely to be a multiple of them by chance. Those after the first four are for points that settle adds.
var batches = []int{211, 307, 401, 503, 601, 701, 809, 907, 1009, 1103, 1201, 1301}

// A point is what a network is built for: a batch, and the shape of one sample of each input.
type point struct {
	batch  int
	shapes [][]int
}

// A change makes sizes of the points from one for which the network works: n becomes n·by + add.
type change struct{ by, add int }

// changes are the changes to try for dimensions that are graph.Any, one for each point. The first ones have many remainders, so
// that what is rounded differs from what is not; the next ones keep multiples, and the last ones are small.
var changes = [][]change{
	{{1, 21}, {1, 34}, {1, 47}, {1, 63}},
	{{3, 0}, {5, 0}, {7, 0}, {11, 0}},
	{{2, 0}, {3, 0}, {4, 0}, {6, 0}},
	{{1, 0}, {1, 1}, {1, 2}, {1, 3}},
	{{1, 0}, {1, 1}, {1, -1}, {1, 2}},
	{{1, 0}, {1, -1}, {1, -2}, {1, -3}},
	{{1, 0}, {1, 2}, {1, -2}, {1, 4}},
}

// build returns the points, and the network for each.
func build(m *graph.Model) (points []point, list []*ops.Expression, err error) {
	known := probes(m)
	if len(known) == 1 { // only the batch varies
		for _, n := range batches[:3] {
			points = append(points, point{n, known[0]})
		}
		list, err = expressions(m, points)
		return points, list, err
	}
	var failed error
	for _, c := range changes {
		if points = pointsOf(known, c); points == nil {
			continue
		}
		if list, err = expressions(m, points); err == nil {
			points, list = settle(m, known, points, list)
			return points, list, nil
		}
		if failed == nil {
			failed = err
		}
	}
	return nil, nil, failed
}

// pointsOf returns the points for a list of changes, nil if a size is below 1. Each dimension that a probe changes gets its own
// sizes; those that a probe changes together are changed in the same way.
func pointsOf(known [][][]int, list []change) []point {
	first := known[0]
	var points []point
	for k := range list {
		shapes := make([][]int, len(first))
		for i, s := range first {
			shapes[i] = slices.Clone(s)
		}
		for g, probe := range known[1:] {
			for i, s := range probe {
				for axis, n := range s {
					if n == first[i][axis] {
						continue
					}
					c := list[(k+g)%len(list)] // so that those of other probes get other sizes
					if shapes[i][axis] = first[i][axis]*c.by + c.add; shapes[i][axis] < 1 {
						return nil
					}
				}
			}
		}
		points = append(points, point{batches[k], shapes})
	}
	return points
}

// expressions builds the network for the points.
func expressions(m *graph.Model, points []point) ([]*ops.Expression, error) {
	list := make([]*ops.Expression, len(points))
	for i, p := range points {
		var err error
		if list[i], err = expression(m, p.batch, p.shapes); err != nil {
			return nil, err
		}
		if len(list[i].Nodes()) != len(list[0].Nodes()) {
			return nil, errDiffers("")
		}
	}
	return list, nil
}

func errDiffers(where string) error {
	if where != "" {
		where += ": "
	}
	return fmt.Errorf("%sgot different operations for different sizes of the batch or of a dimension that is graph.Any, want the same",
		where)
}
