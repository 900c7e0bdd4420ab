package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
)

// runAll runs trials and returns those that have finished.
func (h Halving[S]) runAll(ctx context.Context, rung []Trial[S], j *journal[S]) (done Results[S], err error) {
	var mu sync.Mutex
	room := sync.NewCond(&mu)
	running, used := 0, int64(0)
	var group sync.WaitGroup
	mu.Lock()
	for _, t := range rung {
		found, ok, findErr := j.find(t)
		if err = cmp.Or(err, findErr); ok {
			done = append(done, found)
		}
		if ok || findErr != nil {
			continue
		}
		size := int64(0)
		if h.Memory != nil {
			size = h.Memory(t.Settings)
		}
		if h.MaxMemory > 0 && size > h.MaxMemory { // not recorded: a search with another limit may run it
			t.Score, t.Err = 0, fmt.Sprintf("got a trial of %d bytes, want at most %d, as MaxMemory says", size, h.MaxMemory)
			done = append(done, t)
			continue
		}
		for running > 0 && (running >= max(h.Parallel, 1) || h.MaxMemory > 0 && used+size > h.MaxMemory) {
			room.Wait()
		}
		if err = cmp.Or(err, ctx.Err()); err != nil {
			break
		}
		running, used = running+1, used+size
		group.Add(1)
		go func() {
			defer group.Done()
			finished := h.run(ctx, t)
			mu.Lock()
			defer mu.Unlock()
			running, used = running-1, used-size
			room.Broadcast()
			if finished.Err != "" && ctx.Err() != nil {
				return
			}
			done, err = append(done, finished), cmp.Or(err, j.write(finished))
		}()
	}
	mu.Unlock()
	group.Wait()
	if err == nil && len(done) < len(rung) {
		err = ctx.Err()
	}
	return done, err
}

// run runs one trial.
func (h Halving[S]) run(ctx context.Context, t Trial[S]) (finished Trial[S]) {
	defer func() {
		if p := recover(); p != nil {
			t.Score, t.Err = 0, fmt.Sprintf("panic: %v", p)
			finished = t
		}
	}()
	score, err := h.Run(ctx, t)
	t.Score, t.Err = score, ""
	switch {
	case err != nil:
		t.Score, t.Err = 0, cmp.Or(err.Error(), "got an error without a text")
	case math.IsNaN(score) || math.IsInf(score, 0):
		t.Score, t.Err = 0, fmt.Sprintf("got the score %v, want a finite number", score)
	}
	return t
}

// Results are the trials of a search, the best first.
type Results[S any] []Trial[S]

// sort puts the best first; of equal ones the first.
func (r Results[S]) sort(minimize bool) {
	slices.SortFunc(r, func(a, b Trial[S]) int {
		if (a.Err == "") != (b.Err == "") {
			return cmp.Compare(len(a.Err), len(b.Err))
		}
		order := cmp.Compare(b.Score, a.Score)
		if minimize {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(a.Number, b.Number))
	})
}

// failedLast puts the trials that failed behind the others, and leaves their order.
func (r Results[S]) failedLast() Results[S] {
	slices.SortStableFunc(r, func(a, b Trial[S]) int { return cmp.Compare(min(len(a.Err), 1), min(len(b.Err), 1)) })
	return r
}

// without returns the trials whose numbers are not among others.
func (r Results[S]) without(others Results[S]) Results[S] {
	return slices.DeleteFunc(slices.Clone(r), func(t Trial[S]) bool {
		return slices.ContainsFunc(others, func(o Trial[S]) bool { return o.Number == t.Number })
	})
}

// String returns a table of the trials.
func (r Results[S]) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 1, 2, ' ', 0)
	fmt.Fprintln(w, "trial\tbudget\tscore\tsettings")
	for _, t := range r {
		score := fmt.Sprintf("%.6g", t.Score)
		if t.Err != "" {
			score = t.Err
		}
		fmt.Fprintf(w, "%d\t%d\t%s\t%+v\n", t.Number, t.Budget, score, t.Settings)
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}
