package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// A Splitter divides rows into parts, such as training, validation and test rows: lists of row numbers in rising order, for Table.Take
// and the like. The zero value divides them at random. The same fields give the same parts.
type Splitter struct {
	Labels []string    // of the rows: every part has each label in the same proportion, as nearly as possible; nil means no labels
	Groups []string    // of the rows: rows of one group are in the same part, such as those of one patient; nil means no groups
	Times  []time.Time // of the rows: the first part has the earliest rows, and rows of one time are in the same part; nil means no times
	Seed   uint64      // of the shuffling, which Times do not need
}

// A Fold is a division of rows for one of several models: A model is trained on the rows Train and judged on the rows Valid.
type Fold struct{ Train, Valid []int }

// Parts divides n rows into a part for each fraction; fractions are positive, and 1 in sum. Every part gets at least one row, or it
// is an error. The sizes of parts are those of the fractions to within a row, and with Groups or Times as near as these allow.
func (s Splitter) Parts(n int, fractions ...float64) ([][]int, error) {
	parts, err := s.parts(n, fractions)
	if err != nil {
		return nil, fmt.Errorf("datasets: Splitter.Parts: %w", err)
	}
	return parts, nil
}

// Folds divides n rows into k pieces, and returns k folds: each validates on one piece and trains on the others. With Times it
// divides them into k+1, and fold i validates on piece i+1 and trains on those before it, so that no model knows the future.
func (s Splitter) Folds(n, k int) ([]Fold, error) {
	if k < 2 {
		return nil, fmt.Errorf("datasets: Splitter.Folds: got %d folds, want 2 or more", k)
	}
	more, want := 0, "at least one for each"
	if s.Times != nil {
		more, want = 1, "at least one for each and one before them"
	}
	if k > n-more {
		return nil, fmt.Errorf("datasets: Splitter.Folds: got %d rows for %d folds, want %s", n, k, want)
	}
	pieces := k + more
	parts, err := s.parts(n, slices.Repeat([]float64{1 / float64(pieces)}, pieces))
	if err != nil {
		return nil, fmt.Errorf("datasets: Splitter.Folds: %w", err)
	}
	folds := make([]Fold, k)
	for i := range folds {
		f := &folds[i]
		if s.Times != nil {
			f.Train, f.Valid = slices.Concat(parts[:i+1]...), parts[i+1]
		} else {
			f.Train, f.Valid = slices.Concat(slices.Concat(parts[:i]...), slices.Concat(parts[i+1:]...)), parts[i]
		}
		slices.Sort(f.Train)
	}
	return folds, nil
}

func (s Splitter) parts(n int, fractions []float64) ([][]int, error) {
	sum := 0.0
	for _, f := range fractions {
		if !(f > 0) {
			return nil, fmt.Errorf("got the fraction %v, want more than 0", f)
		}
		sum += f
	}
	given := 0
	for _, c := range []struct {
		what   string
		length int
		given  bool
	}{{"Labels", len(s.Labels), s.Labels != nil}, {"Groups", len(s.Groups), s.Groups != nil}, {"Times", len(s.Times), s.Times != nil}} {
		if c.given && c.length != n {
			return nil, fmt.Errorf("%s: got %d, want %d, one for each row", c.what, c.length, n)
		}
		if c.given {
			given++
		}
	}
	switch {
	case n < len(fractions):
		return nil, fmt.Errorf("got %d rows for %d parts, want at least one for each", n, len(fractions))
	case sum < 1-1e-9 || sum > 1+1e-9:
		return nil, fmt.Errorf("got the fractions %v, want a sum of 1", fractions)
	case given > 1:
		return nil, errors.New("got two of Labels, Groups and Times, want at most one")
	}
	d := deal{fractions: fractions, parts: make([][]int, len(fractions))}
	order := rand.New(rand.NewPCG(s.Seed, 0x7370_6c69_7474_6572)).Perm(n)
	switch {
	case s.Labels != nil:
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(s.Labels[i], s.Labels[j]) })
		for _, row := range order {
			d.give(row)
		}
	case s.Groups != nil:
		for _, group := range groupsOf(order, s.Groups) {
			d.give(group...)
		}
	case s.Times != nil:
		slices.SortFunc(order, func(i, j int) int { return cmp.Or(s.Times[i].Compare(s.Times[j]), cmp.Compare(i, j)) })
		d.cut(order, func(i, j int) bool { return s.Times[i].Equal(s.Times[j]) })
	default:
		d.cut(order, func(int, int) bool { return false })
	}
	for i, p := range d.parts {
		if len(p) == 0 {
			return nil, fmt.Errorf("got no rows for part %d, want rows, labels, groups or times enough for %d parts", i, len(fractions))
		}
		slices.Sort(p)
	}
	return d.parts, nil
}

// groupsOf returns the rows of each group, the largest group first, equally large ones in the order of rows.
func groupsOf(order []int, groups []string) [][]int {
	index, list := map[string]int{}, [][]int(nil)
	for _, row := range order {
		i, ok := index[groups[row]]
		if !ok {
			i = len(list)
			index[groups[row]], list = i, append(list, nil)
		}
		list[i] = append(list[i], row)
	}
	slices.SortStableFunc(list, func(a, b []int) int { return len(b) - len(a) })
	return list
}

// A deal gives rows to parts.
type deal struct {
	fractions []float64
	parts     [][]int
	rows      int
}

// give gives rows to the part that has the fewest for its fraction.
func (d *deal) give(rows ...int) {
	d.rows += len(rows)
	best, most := 0, 0.0
	for i, f := range d.fractions {
		if want := f*float64(d.rows) - float64(len(d.parts[i])); i == 0 || want > most+1e-9 {
			best, most = i, want
		}
	}
	d.parts[best] = append(d.parts[best], rows...)
}

// cut gives each part the next rows; those that belong together stay so.
func (d *deal) cut(order []int, together func(i, j int) bool) {
	end, from := 0.0, 0
	for i, f := range d.fractions {
		end += f * float64(len(order))
		to := min(int(end+0.5), len(order))
		if i == len(d.fractions)-1 {
			to = len(order)
		}
		for to > from && to < len(order) && together(order[to-1], order[to]) {
			to++
		}
		to = max(to, from)
		d.parts[i] = slices.Clone(order[from:to])
		from = to
	}
}
