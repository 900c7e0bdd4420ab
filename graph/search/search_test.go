package search_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/search"
)

type knobs struct {
	Rate  float64
	Units int
}

func draw(rng *rand.Rand) knobs {
	return knobs{math.Pow(10, -4+3*rng.Float64()), 8 << rng.IntN(4)}
}

// score is best at a rate of 0.01, more clearly so with a larger budget.
func score(_ context.Context, t search.Trial[knobs]) (float64, error) {
	return -math.Abs(math.Log10(t.Settings.Rate)+2) - 1/float64(t.Budget+1), nil
}

// Settings are drawn at random, and the best trial comes first.
func ExampleRandom() {
	results, err := search.Random[knobs]{Draw: draw, Run: score, Trials: 50, Seed: 1, Parallel: 2}.Search(context.Background())
	fmt.Printf("%.3f %v\n", results[0].Settings.Rate, err)
	// Output: 0.011 <nil>
}

func TestParallel(t *testing.T) {
	var want search.Results[knobs]
	for _, parallel := range []int{1, 3, 8} {
		var now, most atomic.Int64
		h := search.Halving[knobs]{Budgets: []int{1, 3, 9}, Random: search.Random[knobs]{Draw: draw, Trials: 20, Seed: 7, Parallel: parallel,
			Memory: func(k knobs) int64 { return int64(k.Units) }, MaxMemory: 80,
			Run: func(ctx context.Context, tr search.Trial[knobs]) (float64, error) {
				n := now.Add(int64(tr.Settings.Units))
				for {
					if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
						break
					}
				}
				defer now.Add(-int64(tr.Settings.Units))
				return score(ctx, tr)
			}}}
		got, err := h.Search(context.Background())
		require.NoError(t, err)
		require.Len(t, got, 20)
		assert.LessOrEqual(t, most.Load(), int64(80))
		if want == nil {
			want = got
		}
		assert.Equal(t, want, got)
		budgets := map[int]int{}
		for _, tr := range got {
			budgets[tr.Budget]++
		}
		assert.Equal(t, map[int]int{9: 3, 3: 4, 1: 13}, budgets)
		assert.Equal(t, 9, got[0].Budget)
	}
}

// TestResume: an interrupted search resumes with the trials that it has, and ends with the results of one without a break.
func TestResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "search.jsonl")
	r := search.Random[knobs]{Draw: draw, Trials: 12, Seed: 3, Run: score}
	want, err := r.Search(context.Background())
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(context.Background())
	runs := 0
	r.Path = path
	r.Run = func(ctx context.Context, tr search.Trial[knobs]) (float64, error) {
		if runs++; runs == 6 {
			cancel()
			return 0, ctx.Err()
		}
		return score(ctx, tr)
	}
	got, err := r.Search(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, got, 5)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	f.WriteString(`{"number": 5, "bud`) // as a crash leaves it
	f.Close()
	got, err = r.Search(context.Background())
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, 6+7, runs)
	got, err = r.Search(context.Background())
	require.NoError(t, err)
	assert.Equal(t, want, got)
	assert.Equal(t, 6+7, runs)

	r.Seed = 4
	_, err = r.Search(context.Background())
	assert.EqualError(t, err, "search: Random: "+path+": got the file of another search, want one with the seed 4")
	r.Seed, r.Draw = 3, func(*rand.Rand) knobs { return knobs{} }
	got, err = r.Search(context.Background())
	assert.ErrorContains(t, err, `search: Random: trial 0: got the settings {"Rate":`)
	assert.Empty(t, got)
}

func TestFailures(t *testing.T) {
	r := search.Random[int]{Draw: func(rng *rand.Rand) int { return rng.IntN(1000) }, Trials: 5, Minimize: true, MaxMemory: 5,
		Memory: func(int) int64 { return 1 },
		Run: func(_ context.Context, t search.Trial[int]) (float64, error) {
			switch t.Number {
			case 0:
				return 0, errors.New("diverged")
			case 1:
				panic("no")
			case 2:
				return math.NaN(), nil
			case 4:
				return 0, errors.New("")
			}
			return 7, nil
		}}
	got, err := r.Search(context.Background())
	require.NoError(t, err)
	assert.Equal(t, 3, got[0].Number)
	assert.Contains(t, got.String(), "diverged")
	assert.Contains(t, got.String(), "panic: no")
	assert.Contains(t, got.String(), "got an error without a text")
	assert.Contains(t, got.String(), "got the score NaN, want a finite number")
	r.Trials = 3
	_, err = r.Search(context.Background())
	assert.ErrorContains(t, err, "search: Random: got no trial without an error; the first: ")
	r.Memory = func(int) int64 { return 6 }
	got, err = r.Search(context.Background())
	require.Error(t, err)
	assert.Equal(t, "got a trial of 6 bytes, want at most 5, as MaxMemory says", got[0].Err)
	for want, h := range map[string]search.Halving[int]{
		"Draw and Run: got nil, want functions":     {},
		"Trials: got 0, want 1 or more":             {Random: search.Random[int]{Draw: r.Draw, Run: r.Run}},
		"Budgets: got none, want at least one":      {Random: r},
		"Parallel: got -1, want 0 or more":          {Random: search.Random[int]{Draw: r.Draw, Run: r.Run, Trials: 1, Parallel: -1}},
		"MaxMemory: got -1, want 0 or more":         {Random: search.Random[int]{Draw: r.Draw, Run: r.Run, Trials: 1, MaxMemory: -1}},
		"Budgets: got [2 2], want rising numbers":   {Random: r, Budgets: []int{2, 2}},
		"Factor: got 1, want 2 or more, or 0 for 3": {Random: r, Budgets: []int{2}, Factor: 1},
	} {
		_, err := h.Search(context.Background())
		assert.EqualError(t, err, "search: Halving: "+want)
	}
	//lint:ignore SA1012 it is an error, too
	_, err = r.Search(nil)
	assert.EqualError(t, err, "search: Random: got no context, want one such as context.Background()")
}

// TestHalvingStops: whatever ends a search, each trial comes with the largest budget that it finished, those that failed last.
func TestHalvingStops(t *testing.T) {
	end, fail := errors.New("the end"), errors.New("diverged")
	type at struct{ number, budget int }
	for name, c := range map[string]struct {
		happens map[at]error // at what trial with what budget the context ends or the trial fails
		want    string       // the results: number:budget
		err     string
	}{
		"all well":                {nil, "8:9 7:3 6:3 5:1 4:1 3:1 2:1 1:1 0:1", ""},
		"end in the first rung":   {map[at]error{{2, 1}: end}, "1:1 0:1", "search: Halving: context canceled"},
		"end at the second start": {map[at]error{{8, 3}: end}, "8:1 7:1 6:1 5:1 4:1 3:1 2:1 1:1 0:1", "search: Halving: context canceled"},
		"end in the second rung":  {map[at]error{{7, 3}: end}, "8:3 7:1 6:1 5:1 4:1 3:1 2:1 1:1 0:1", "search: Halving: context canceled"},
		"end in the last rung":    {map[at]error{{8, 9}: end}, "8:3 7:3 6:3 5:1 4:1 3:1 2:1 1:1 0:1", "search: Halving: context canceled"},
		"failure, then the end":   {map[at]error{{8, 3}: fail, {7, 3}: end}, "7:1 6:1 5:1 4:1 3:1 2:1 1:1 0:1 8:3", "search: Halving: context canceled"},
		"one promoted fails":      {map[at]error{{8, 3}: fail}, "7:9 6:3 5:1 4:1 3:1 2:1 1:1 0:1 8:3", ""},
		"all promoted fail":       {map[at]error{{8, 3}: fail, {7, 3}: fail, {6, 3}: fail}, "5:1 4:1 3:1 2:1 1:1 0:1 6:3 7:3 8:3", ""},
		"the last one fails":      {map[at]error{{8, 9}: fail}, "7:3 6:3 5:1 4:1 3:1 2:1 1:1 0:1 8:9", ""},
		"failures in two rungs":   {map[at]error{{0, 1}: fail, {8, 3}: fail}, "7:9 6:3 5:1 4:1 3:1 2:1 1:1 8:3 0:1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			h := search.Halving[int]{Budgets: []int{1, 3, 9}, Random: search.Random[int]{Trials: 9, Draw: func(*rand.Rand) int { return 0 },
				Run: func(ctx context.Context, tr search.Trial[int]) (float64, error) {
					err := c.happens[at{tr.Number, tr.Budget}]
					if err == end {
						cancel()
					}
					return float64(tr.Number), err
				}}}
			got, err := h.Search(ctx)
			if c.err != "" {
				require.EqualError(t, err, c.err)
			} else {
				require.NoError(t, err)
			}
			text := ""
			for _, tr := range got {
				text += fmt.Sprintf(" %d:%d", tr.Number, tr.Budget)
				if failed := c.happens[at{tr.Number, tr.Budget}] == fail; failed {
					assert.Equal(t, "diverged", tr.Err)
				} else {
					assert.Empty(t, tr.Err)
					assert.Equal(t, float64(tr.Number), tr.Score)
				}
			}
			assert.Equal(t, " "+c.want, text)
		})
	}
}

// TestMemoryResume: a trial that took more than MaxMemory runs when the search goes on with a larger limit.
func TestMemoryResume(t *testing.T) {
	ran := 0
	r := search.Random[int]{Draw: func(rng *rand.Rand) int { return 1 + rng.IntN(10) }, Trials: 8, MaxMemory: 5, Path: filepath.Join(t.TempDir(), "trials"),
		Memory: func(s int) int64 { return int64(s) },
		Run: func(_ context.Context, t search.Trial[int]) (float64, error) {
			ran++
			return float64(t.Settings), nil
		}}
	for _, limit := range []int64{5, 5, 8, 0} {
		r.MaxMemory = limit
		got, err := r.Search(context.Background())
		require.NoError(t, err)
		require.Len(t, got, 8)
		for _, tr := range got {
			if limit > 0 && int64(tr.Settings) > limit {
				assert.Equal(t, fmt.Sprintf("got a trial of %d bytes, want at most %d, as MaxMemory says", tr.Settings, limit), tr.Err)
			} else {
				assert.Equal(t, float64(tr.Settings), tr.Score, tr.Err)
			}
		}
	}
	assert.Equal(t, 8, ran, "each trial runs once")
}
