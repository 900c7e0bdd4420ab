package datasets

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// counted returns n rows: the row's number, and the number plus 100.
func counted(n int) *graph.Tensor {
	v := make([]float32, 0, 2*n)
	for i := range n {
		v = append(v, float32(i), float32(i+100))
	}
	return dense(v, n, 2)
}

// hours returns n times, one hour apart, with a gap before the row with the given number.
func hours(n, gap int) []time.Time {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	list := make([]time.Time, n)
	for i := range list {
		if i == gap {
			at = at.Add(time.Hour)
		}
		list[i], at = at, at.Add(time.Hour)
	}
	return list
}

// TestWindows: which rows are in X and in Y.
func TestWindows(t *testing.T) {
	groups := []string{"a", "b", "a", "b", "a", "a", "b"}
	for _, c := range []struct {
		name string
		w    Windows
		s    Series
		x, y [][]float32 // the first column of each window
	}{
		{"one step", Windows{Length: 2}, Series{Values: counted(4)}, [][]float32{{0, 1}, {1, 2}}, [][]float32{{2}, {3}}},
		{"horizon and stride", Windows{Length: 2, Horizon: 2, Stride: 3}, Series{Values: counted(7)}, [][]float32{{0, 1}, {3, 4}}, [][]float32{{2, 3}, {5, 6}}},
		{"gap", Windows{Length: 1, Gap: 2}, Series{Values: counted(5)}, [][]float32{{0}, {1}}, [][]float32{{3}, {4}}},
		{"groups", Windows{Length: 2}, Series{Values: counted(7), Group: groups}, [][]float32{{0, 2}, {2, 4}, {1, 3}}, [][]float32{{4}, {5}, {6}}},
		{"gap in time", Windows{Length: 1, Step: time.Hour}, Series{Values: counted(5), Time: hours(5, 2)}, [][]float32{{0}, {2}, {3}}, [][]float32{{1}, {3}, {4}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.w.Inputs, c.w.Targets, c.w.Known = []int{0}, []int{1, 0}, []int{1}
			set, err := c.w.Of(c.s)
			require.NoError(t, err)
			require.Equal(t, len(c.x), set.Len())
			for b, err := range (Prefetch{From: set}).Batches(0, nil) {
				require.NoError(t, err)
				require.Equal(t, []int{len(c.x), c.w.Length, 1}, []int(b.X.Shape()))
				require.Equal(t, slices.Concat(c.x...), b.X.Float32s())
				var y, known []float32
				for i, row := range c.y {
					first, target := set.First(i)
					require.Equal(t, []float32{c.x[i][0], row[0]}, []float32{float32(first), float32(target)})
					for _, v := range row {
						y, known = append(y, v+100, v), append(known, v+100)
					}
				}
				require.Equal(t, y, b.Y.Float32s())
				require.Equal(t, known, b.Inputs["known"].Float32s())
				want := []int{len(c.x), len(c.y[0]), 2}
				if len(c.y[0]) == 1 {
					want = []int{len(c.x), 2}
				}
				require.Equal(t, want, []int(b.Y.Shape()))
			}
		})
	}
}

// TestWindowsSplit: no row is in two parts, in X or in Y; with times the parts do not overlap in time, whatever the groups.
func TestWindowsSplit(t *testing.T) {
	const n = 200
	groups := make([]string, n)
	times := make([]time.Time, n)
	for i := range groups {
		groups[i] = fmt.Sprint(i % 3)
		times[i] = time.Unix(int64(i/3*60), 0)
	}
	for name, s := range map[string]Series{
		"one": {Values: counted(n)}, "groups": {Values: counted(n), Group: groups}, "times": {Values: counted(n), Group: groups, Time: times},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := Windows{Length: 4, Horizon: 2, Gap: 1}.Of(s)
			require.NoError(t, err)
			parts, err := all.Split(0.6, 0.2)
			require.NoError(t, err)
			require.Len(t, parts, 3)
			owner := map[float32]int{}
			rows := 0
			for p, set := range parts {
				rows += set.Values().Shape()[0]
				require.InDelta(t, n*[]float64{0.6, 0.2, 0.2}[p], set.Values().Shape()[0], 3)
				for b, err := range set.Batches(0, nil) {
					require.NoError(t, err)
					for _, v := range append(slices.Clone(b.X.Float32s()), b.Y.Float32s()...) {
						if v < 100 && s.Time == nil && s.Group == nil || s.Time != nil {
							was, seen := owner[v]
							require.True(t, !seen || was == p || v >= 100)
							owner[v] = p
						}
					}
				}
				if p > 0 && s.Time != nil {
					last, _ := parts[p-1].First(parts[p-1].Len() - 1)
					first, _ := set.First(0)
					require.True(t, times[last+6*3].Before(times[first]), "the rows of a window of group 2 and those of a later part")
				}
			}
			require.Equal(t, n, rows)
			_, err = parts[0].Split(0.5)
			require.ErrorContains(t, err, "datasets: WindowSet: Split: got a part of a split")
			for _, f := range [][]float64{{0}, {0.5, 0.5}, {math.NaN()}, {-1}} {
				_, err = all.Split(f...)
				require.ErrorContains(t, err, "datasets: WindowSet: Split: got fractions")
			}
			_, err = all.Split(0.001)
			require.ErrorContains(t, err, "got no window of 7 rows in part 0")
		})
	}
}

func TestWindowsErrors(t *testing.T) {
	v := counted(5)
	for _, c := range []struct {
		w    Windows
		s    Series
		want string
	}{
		{Windows{}, Series{Values: v}, "Length: got 0, want 1 or more"},
		{Windows{Length: 1, Horizon: -1}, Series{Values: v}, "Horizon: got -1"},
		{Windows{Length: 1, Stride: -1}, Series{Values: v}, "Stride: got -1"},
		{Windows{Length: 1, Gap: -1}, Series{Values: v}, "Gap: got -1"},
		{Windows{Length: 1}, Series{}, "Values: got nil, want a tensor (rows, columns)"},
		{Windows{Length: 1}, Series{Values: dense(make([]float32, 3), 3)}, "Values: got shape [3]"},
		{Windows{Length: 1}, Series{Values: v, Time: hours(4, 0)}, "Time: got 4, want 5"},
		{Windows{Length: 1}, Series{Values: v, Group: []string{"a"}}, "Group: got 1, want 5"},
		{Windows{Length: 1, Step: 1}, Series{Values: v}, "Step: got 1ns without Time"},
		{Windows{Length: 1, Step: -1}, Series{Values: v}, "Step: got -1"},
		{Windows{Length: 1, Step: 1}, Series{Values: v, Time: hours(5, 0)}, "got no group of 2 rows without a gap in time"},
		{Windows{Length: 5}, Series{Values: v}, "got no group of 6 rows"},
		{Windows{Length: math.MaxInt}, Series{Values: v}, "want windows of at most 5 rows"},
		{Windows{Length: 1, Inputs: []int{2}}, Series{Values: v}, "Inputs: got column 2, want 0 to 1"},
		{Windows{Length: 1, Targets: []int{}}, Series{Values: v}, "Inputs and Targets: got 2 and 0 columns"},
		{Windows{Length: 1}, Series{Values: v, Time: []time.Time{{}, {}, time.Unix(9, 0), time.Unix(8, 0), {}}}, "Time: row 3: got"},
	} {
		t.Run(c.want, func(t *testing.T) {
			_, err := c.w.Of(c.s)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "datasets: Windows: ")
		})
	}
	set, err := Windows{Length: 1}.Of(Series{Values: v})
	require.NoError(t, err)
	_, err = set.Rows([]int{4})
	require.ErrorContains(t, err, "datasets: WindowSet: Index: got 4")
}

// TestCalendar: the parts of a day, a week, a month and a year, and their sines and cosines.
func TestCalendar(t *testing.T) {
	for _, c := range []struct {
		cycle Cycle
		at    time.Time
		part  float64
	}{
		{HourOfDay, time.Date(2026, 5, 3, 6, 0, 0, 0, time.UTC), 0.25},
		{HourOfDay, time.Date(2026, 5, 3, 6, 0, 0, 0, time.FixedZone("x", 3600)), 0.25},
		{DayOfWeek, time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC), 0}, // a Sunday
		{DayOfWeek, time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC), 6.5 / 7},
		{DayOfMonth, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), 28. / 29},
		{DayOfYear, time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC), 365. / 366},
		{DayOfYear, time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC), 0.5 / 365},
	} {
		x, err := Calendar([]time.Time{c.at}, c.cycle)
		require.NoError(t, err)
		require.InDeltaSlice(t, []float64{math.Sin(2 * math.Pi * c.part), math.Cos(2 * math.Pi * c.part)}, x.Float32s(), 1e-6)
	}
	x, err := Calendar(hours(3, 0), HourOfDay, DayOfWeek)
	require.NoError(t, err)
	both, err := Join(counted(3), x, dense([]float64{7, 8, 9}, 3))
	require.NoError(t, err)
	require.Equal(t, []int{3, 7}, []int(both.Shape()))
	require.Equal(t, float32(101), both.Float32s()[8])
	require.Equal(t, float32(8), both.Float32s()[13])
	_, err = Calendar(hours(3, 0), Cycle(9))
	require.ErrorContains(t, err, "datasets: Calendar: cycle 0: got 9")
	_, err = Calendar(nil, HourOfDay)
	require.ErrorContains(t, err, "got 0 times")
	_, err = Join(counted(3), counted(2))
	require.ErrorContains(t, err, "datasets: Join: table 1: got shape [2 2]")
	_, err = Join()
	require.ErrorContains(t, err, "got no tables")
}

// TestNarrow: a number that float32 does not have is an error.
func TestNarrow(t *testing.T) {
	x := dense([]float64{1, 2, 1e39, 4}, 2, 2)
	_, err := Windows{Length: 1}.Of(Series{Values: x})
	require.EqualError(t, err, "datasets: Windows: Values: element 2: got 1e+39, want a number in the range of float32")
	_, err = Join(x)
	require.EqualError(t, err, "datasets: Join: table 0: element 2: got 1e+39, want a number in the range of float32")
	_, err = Join(nil)
	require.EqualError(t, err, "datasets: Join: table 0: got no tensor, want one")
}
