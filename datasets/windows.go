package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Series is a table of measurements in the order of time: one or several series with the same columns.
type Series struct {
	Values *graph.Tensor // (rows, columns)
	Time   []time.Time   // of each row, ascending within a group; nil if it is not known
	Group  []string      // which series each row belongs to; nil if all rows are one. The rows of a group need not be neighbours
}

// Windows cuts series into samples for forecasting: X are Length rows, Y the Horizon rows that follow. No window reaches from one group
// into another.
type Windows struct {
	Length  int   // rows of X, at least 1
	Horizon int   // rows of Y; 0 means 1
	Gap     int   // rows between X and Y that are in neither; 0 means that Y follows at once
	Stride  int   // rows from the beginning of a window to that of the next; 0 means 1
	Inputs  []int // columns of X; nil means all
	Targets []int // columns of Y; nil means all
	Known   []int // columns that are known in advance, such as those of Calendar: Inputs["known"] has them for the rows of Y

	// Step is the time between two rows. Windows over a gap in time, where it is another, are left out. 0 takes all.
	Step time.Duration
}

// A WindowSet is a data set of windows. X is (n, Length, inputs), Y is (n, Horizon, targets), or (n, targets) if Horizon is 1, and
// Inputs["known"], if there are known columns, (n, Horizon, known). All are float32. Its methods are safe for concurrent use. The zero
// value has no windows.
type WindowSet struct {
	w       Windows
	s       Series
	values  []float32
	columns int
	line    []int // numbers of the rows, group by group
	starts  []int // positions in line of the first rows
	part    []int // which part of a split each row belongs to; nil means that all belong to part
	own     int   // the part of this set
}

var (
	_ Indexed           = (*WindowSet)(nil)
	_ graph.StepCounter = (*WindowSet)(nil)
	_ tasked            = (*WindowSet)(nil)
)

// Of returns the windows of series, the groups in the order in which they begin. No window at all is an error.
func (w Windows) Of(s Series) (*WindowSet, error) {
	set, err := w.of(s)
	if err != nil {
		return nil, placed("Windows", err)
	}
	return set, nil
}

func (w Windows) of(s Series) (*WindowSet, error) {
	w.Horizon, w.Stride = settings.Or(w.Horizon, 1), settings.Or(w.Stride, 1)
	err := settings.Check(settings.Count("Length", w.Length, 1), settings.Count("Horizon", w.Horizon, 1), settings.Count("Gap", w.Gap, 0),
		settings.Count("Stride", w.Stride, 1), settings.AtLeast("Step", float64(w.Step), 0))
	if err != nil {
		return nil, err
	}
	if s.Values == nil || s.Values.Dims() != 2 || tensors.Size(s.Values.Shape()) == 0 {
		return nil, fmt.Errorf("Values: got %v, want a tensor (rows, columns)", shapeOf(s.Values))
	}
	n, k := s.Values.Shape()[0], s.Values.Shape()[1]
	switch {
	case s.Time != nil && len(s.Time) != n:
		return nil, fmt.Errorf("Time: got %d, want %d, one for each row", len(s.Time), n)
	case s.Group != nil && len(s.Group) != n:
		return nil, fmt.Errorf("Group: got %d, want %d, one for each row", len(s.Group), n)
	case w.Step > 0 && s.Time == nil:
		return nil, fmt.Errorf("Step: got %v without Time, want Time set", w.Step)
	case w.Length > n || w.Horizon > n || w.Gap > n:
		return nil, fmt.Errorf("Length, Gap and Horizon: got %d, %d and %d, want windows of at most %d rows", w.Length, w.Gap, w.Horizon, n)
	}
	w.Stride = min(w.Stride, n)
	for name, list := range map[string]*[]int{"Inputs": &w.Inputs, "Targets": &w.Targets, "Known": &w.Known} {
		if *list == nil && name != "Known" {
			*list = allRows(k)
		}
		for _, c := range *list {
			if c < 0 || c >= k {
				return nil, fmt.Errorf("%s: got column %d, want 0 to %d", name, c, k-1)
			}
		}
	}
	if len(w.Inputs) == 0 || len(w.Targets) == 0 {
		return nil, fmt.Errorf("Inputs and Targets: got %d and %d columns, want at least one each, or nil for all", len(w.Inputs), len(w.Targets))
	}
	set := &WindowSet{w: w, s: s, columns: k, values: make([]float32, n*k)}
	if err := tensors.Read(set.values, s.Values); err != nil {
		return nil, fmt.Errorf("Values: %w", err)
	}
	if err := set.cut(); err != nil {
		return nil, err
	}
	if len(set.starts) == 0 {
		return nil, fmt.Errorf("got no group of %d rows without a gap in time, want at least one window", set.span())
	}
	return set, nil
}

func shapeOf(t *graph.Tensor) any {
	if t == nil {
		return "nil"
	}
	return fmt.Sprintf("shape %v", []int(t.Shape()))
}

// span returns the number of rows of a window.
func (s *WindowSet) span() int { return s.w.Length + s.w.Gap + s.w.Horizon }

// cut finds the windows.
func (s *WindowSet) cut() error {
	groups, order := map[string][]int{}, []string{}
	for row := range len(s.values) / s.columns {
		name := ""
		if s.s.Group != nil {
			name = s.s.Group[row]
		}
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], row)
	}
	for _, name := range order {
		rows, first := groups[name], len(s.line)
		s.line = append(s.line, rows...)
		whole := 1 // rows up to this one without a gap in time
		ends := make([]bool, len(rows))
		for i := range rows {
			if i > 0 && s.s.Time != nil {
				d := s.s.Time[rows[i]].Sub(s.s.Time[rows[i-1]])
				if d < 0 {
					return fmt.Errorf("Time: row %d: got %v after %v, want ascending times in a group", rows[i], s.s.Time[rows[i]], s.s.Time[rows[i-1]])
				}
				if s.w.Step > 0 && d != s.w.Step {
					whole = 0
				}
			}
			if i > 0 {
				whole++
			}
			ends[i] = whole >= s.span()
		}
		for at := 0; at+s.span() <= len(rows); at += s.w.Stride {
			if ends[at+s.span()-1] {
				s.starts = append(s.starts, first+at)
			}
		}
	}
	return nil
}

// Len implements graph.Dataset.
func (s *WindowSet) Len() int { return len(s.starts) }

// Steps implements graph.StepCounter.
func (s *WindowSet) Steps(size int) int { return stepsFor(s.Len(), size) }

// Batches implements graph.Dataset.
func (s *WindowSet) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return batchesOf(s.tasks(size, rng))
}

func (s *WindowSet) tasks(size int, rng *rand.Rand) iter.Seq2[task, error] {
	return rowTasks(s, allRows(s.Len()), size, rng)
}

// First returns the numbers of the first row of X and of the first row of Y of a window, from 0 to Len-1; -1 and -1 for any other.
func (s *WindowSet) First(window int) (x, y int) {
	if window < 0 || window >= s.Len() {
		return -1, -1
	}
	at := s.starts[window]
	return s.line[at], s.line[at+s.w.Length+s.w.Gap]
}

// Rows implements Indexed.
func (s *WindowSet) Rows(index []int) (b graph.Batch, err error) {
	if err := checkIndex(index, s.Len()); err != nil {
		return b, placed("WindowSet", err)
	}
	take := func(from, rows int, columns []int) *graph.Tensor {
		out := make([]float32, 0, len(index)*rows*len(columns))
		for _, i := range index {
			for _, row := range s.line[s.starts[i]+from:][:rows] {
				for _, c := range columns {
					out = append(out, s.values[row*s.columns+c])
				}
			}
		}
		return dense(out, len(index), rows, len(columns))
	}
	after := s.w.Length + s.w.Gap
	b.X, b.Y = take(0, s.w.Length, s.w.Inputs), take(after, s.w.Horizon, s.w.Targets)
	if s.w.Horizon == 1 {
		b.Y = dense(b.Y.Float32s(), len(index), len(s.w.Targets))
	}
	if len(s.w.Known) > 0 {
		b.Inputs = map[string]*graph.Tensor{"known": take(after, s.w.Horizon, s.w.Known)}
	}
	return b, nil
}
