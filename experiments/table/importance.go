package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
)

// A fall is how much the score on the test rows falls if the values of a column are shuffled.
type fall struct {
	name          string
	by, deviation float64
}

// falls are columns, the most important first.
type falls []fall

// repeats is the number of shuffles of each column.
const repeats = 5

// importance shuffles the values of each column of the raw test rows, and returns the mean fall of the score (Breiman 2001). Unlike
// metrics.PermutationImportance it shuffles whole columns, which may be several numbers for the network.
func (r shown) importance(ctx context.Context, seed uint64) (falls, error) {
	whole, err := r.deep.score(ctx, r.test)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	var list falls
	for _, f := range r.test.Fields() {
		if f.Target {
			continue
		}
		sum, square := 0.0, 0.0
		for range repeats {
			v, err := r.deep.score(ctx, &shuffled{r.test, f.Name, rng.Perm(r.test.Len())})
			if err != nil {
				return nil, err
			}
			sum, square = sum+whole-v, square+(whole-v)*(whole-v)
		}
		mean := sum / repeats
		list = append(list, fall{f.Name, mean, math.Sqrt(max(square/repeats-mean*mean, 0))})
	}
	slices.SortStableFunc(list, func(a, b fall) int { return cmp.Compare(b.by, a.by) })
	return list, nil
}

// first returns the most important columns, at most n.
func (l falls) first(n int) falls { return l[:min(len(l), n)] }

func (l falls) print(w io.Writer) error {
	rows := [][]string{{"column", "importance", "deviation"}}
	for _, f := range l.first(10) {
		rows = append(rows, []string{f.name, fmt.Sprintf("%.4f", f.by), fmt.Sprintf("%.4f", f.deviation)})
	}
	fmt.Fprintln(w)
	return lab.Table(w, rows...)
}

// shuffled is a table with the values of one column shuffled.
type shuffled struct {
	*datasets.Table
	name  string
	order []int
}

// Rows implements graph.Rows.
func (s *shuffled) Rows() iter.Seq2[map[string]any, error] {
	return func(yield func(map[string]any, error) bool) {
		var values []any
		for row := range s.Table.Rows() {
			values = append(values, row[s.name])
		}
		i := 0
		for row := range s.Table.Rows() {
			row[s.name] = values[s.order[i]]
			if i++; !yield(row, nil) {
				return
			}
		}
	}
}

var _ graph.Rows = (*shuffled)(nil)
