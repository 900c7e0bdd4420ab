package datasets

import (
	"fmt"
	"slices"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// Split divides the windows in time: the given fractions of the rows, from the oldest on, and the rest, so Split(0.7, 0.15) returns
// training, validation and test windows. No row is in two parts, neither in X nor in Y: windows over a border are left out. With
// Time, a border is the same moment for all groups, without it the same fraction of each. A part without windows is an error.
func (s *WindowSet) Split(fractions ...float64) ([]*WindowSet, error) {
	cuts, sum := make([]float64, len(fractions)), 0.0
	for i, f := range fractions {
		sum += f
		if !(f > 0) || !(sum < 1) {
			return nil, placed("WindowSet: Split", fmt.Errorf("got fractions %v, want numbers greater than 0 with a sum below 1", fractions))
		}
		cuts[i] = sum
	}
	if s.part != nil {
		return nil, placed("WindowSet: Split", fmt.Errorf("got a part of a split, want the windows of Windows.Of"))
	}
	if s.Len() == 0 {
		return nil, placed("WindowSet: Split", fmt.Errorf("got no windows, want at least one"))
	}
	part := s.parts(cuts)
	sets := make([]*WindowSet, len(fractions)+1)
	for p := range sets {
		set := *s
		set.part, set.own = part, p
		set.starts = slices.DeleteFunc(slices.Clone(s.starts), func(at int) bool {
			return part[s.line[at]] != p || part[s.line[at+s.span()-1]] != p
		})
		if len(set.starts) == 0 {
			return nil, placed("WindowSet: Split", fmt.Errorf("got no window of %d rows in part %d, want at least one", s.span(), p))
		}
		sets[p] = &set
	}
	return sets, nil
}

// parts returns which part each row belongs to, where cuts are the fractions at the borders.
func (s *WindowSet) parts(cuts []float64) []int {
	part := make([]int, len(s.line))
	if s.s.Time != nil {
		sorted := slices.SortedFunc(slices.Values(s.s.Time), time.Time.Compare)
		for _, c := range cuts {
			border := sorted[int(c*float64(len(sorted)))]
			for row, t := range s.s.Time {
				if !t.Before(border) {
					part[row]++
				}
			}
		}
		return part
	}
	name := func(row int) string {
		if s.s.Group == nil {
			return ""
		}
		return s.s.Group[row]
	}
	for from := 0; from < len(s.line); {
		to := from
		for to < len(s.line) && name(s.line[to]) == name(s.line[from]) {
			to++
		}
		for _, c := range cuts {
			for _, row := range s.line[from+int(c*float64(to-from)) : to] {
				part[row]++
			}
		}
		from = to
	}
	return part
}

// Values returns the rows that this part of a split consists of, (rows, columns), for fitting a Scaler, or all rows without a split;
// nil for the zero value.
func (s *WindowSet) Values() *graph.Tensor {
	if s.columns == 0 {
		return nil
	}
	out := make([]float32, 0, len(s.values))
	for row := range len(s.values) / s.columns {
		if s.part == nil || s.part[row] == s.own {
			out = append(out, s.values[row*s.columns:][:s.columns]...)
		}
	}
	return dense(out, len(out)/s.columns, s.columns)
}
