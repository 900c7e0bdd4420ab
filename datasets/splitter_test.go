package datasets

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSplitter(t *testing.T) {
	const n = 103
	labels, groups, times := make([]string, n), make([]string, n), make([]time.Time, n)
	for i := range n {
		labels[i] = fmt.Sprint(i % 10 / 7)
		groups[i] = fmt.Sprint(i % 13)
		times[i] = time.Unix(int64((n-i)/3), 0)
	}
	for name, s := range map[string]Splitter{"random": {Seed: 1}, "labels": {Labels: labels}, "groups": {Groups: groups}, "times": {Times: times}} {
		t.Run(name, func(t *testing.T) {
			parts, err := s.Parts(n, 0.6, 0.2, 0.2)
			require.NoError(t, err)
			all := slices.Concat(parts...)
			slices.Sort(all)
			for i, row := range all {
				require.Equal(t, i, row)
			}
			require.Len(t, all, n)
			off, of := 1.0, map[string]int{}
			switch name {
			case "groups":
				off = 8
			case "times":
				off = 3
			}
			for i, p := range parts {
				assert.InDelta(t, []float64{0.6, 0.2, 0.2}[i]*n, len(p), off)
				ones := 0
				for _, row := range p {
					if labels[row] == "1" {
						ones++
					}
					if name == "groups" {
						before, ok := of[groups[row]]
						assert.True(t, !ok || before == i)
						of[groups[row]] = i
					}
				}
				if name == "labels" {
					assert.InDelta(t, 0.3*float64(len(p)), ones, 1.5)
				}
				if name == "times" && i > 0 {
					assert.True(t, times[slices.Min(parts[i-1])].Before(times[slices.Max(p)]))
				}
			}
			again, err := s.Parts(n, 0.6, 0.2, 0.2)
			require.NoError(t, err)
			assert.Equal(t, parts, again)

			folds, err := s.Folds(n, 5)
			require.NoError(t, err)
			var valid []int
			for _, f := range folds {
				valid = append(valid, f.Valid...)
				for _, row := range f.Valid {
					_, in := slices.BinarySearch(f.Train, row)
					require.False(t, in)
					for _, other := range f.Train {
						if name == "times" {
							require.True(t, times[other].Before(times[row]))
						}
					}
				}
				if name != "times" {
					require.Equal(t, n, len(f.Train)+len(f.Valid))
				}
			}
			slices.Sort(valid)
			assert.Len(t, slices.Compact(valid), len(valid))
			assert.Equal(t, name != "times", len(valid) == n)
		})
	}
}

func TestSplitterErrors(t *testing.T) {
	for want, f := range map[string]func() error{
		"datasets: Splitter.Parts: got the fraction -1, want more than 0":                                                    func() error { _, err := Splitter{}.Parts(9, 2, -1); return err },
		"datasets: Splitter.Parts: got the fractions [0.5 0.4], want a sum of 1":                                             func() error { _, err := Splitter{}.Parts(9, 0.5, 0.4); return err },
		"datasets: Splitter.Parts: got 1 rows for 2 parts, want at least one for each":                                       func() error { _, err := Splitter{}.Parts(1, 0.5, 0.5); return err },
		"datasets: Splitter.Parts: Labels: got 1, want 9, one for each row":                                                  func() error { _, err := Splitter{Labels: []string{""}}.Parts(9, 0.5, 0.5); return err },
		"datasets: Splitter.Parts: Labels: got 0, want 10, one for each row":                                                 func() error { _, err := Splitter{Labels: []string{}}.Parts(10, 0.5, 0.5); return err },
		"datasets: Splitter.Parts: Groups: got 0, want 10, one for each row":                                                 func() error { _, err := Splitter{Groups: []string{}}.Parts(10, 0.5, 0.5); return err },
		"datasets: Splitter.Parts: Times: got 0, want 10, one for each row":                                                  func() error { _, err := Splitter{Times: []time.Time{}}.Parts(10, 0.5, 0.5); return err },
		"datasets: Splitter.Folds: Labels: got 0, want 10, one for each row":                                                 func() error { _, err := Splitter{Labels: []string{}}.Folds(10, 2); return err },
		"datasets: Splitter.Folds: Groups: got 0, want 10, one for each row":                                                 func() error { _, err := Splitter{Groups: []string{}}.Folds(10, 2); return err },
		"datasets: Splitter.Folds: Times: got 0, want 10, one for each row":                                                  func() error { _, err := Splitter{Times: []time.Time{}}.Folds(10, 2); return err },
		"datasets: Splitter.Folds: got 1 folds, want 2 or more":                                                              func() error { _, err := Splitter{}.Folds(9, 1); return err },
		"datasets: Splitter.Folds: got 9 rows for 1099511627776 folds, want at least one for each":                           func() error { _, err := Splitter{}.Folds(9, 1<<40); return err },
		"datasets: Splitter.Folds: got 3 rows for 5 folds, want at least one for each":                                       func() error { _, err := Splitter{}.Folds(3, 5); return err },
		"datasets: Splitter.Folds: got 3 rows for 6 folds, want at least one for each":                                       func() error { _, err := Splitter{}.Folds(3, 6); return err },
		"datasets: Splitter.Folds: got 2 rows for 9223372036854775807 folds, want at least one for each and one before them": func() error { _, err := Splitter{Times: make([]time.Time, 2)}.Folds(2, math.MaxInt); return err },
		"datasets: Splitter.Parts: got two of Labels, Groups and Times, want at most one": func() error {
			_, err := Splitter{Labels: []string{"", ""}, Groups: []string{"", ""}}.Parts(2, 0.5, 0.5)
			return err
		},
		"datasets: Splitter.Parts: got no rows for part 1, want rows, labels, groups or times enough for 2 parts": func() error { _, err := Splitter{Groups: []string{"a", "a"}}.Parts(2, 0.5, 0.5); return err },
	} {
		t.Run(want, func(t *testing.T) { assert.EqualError(t, f(), want) })
	}
}
