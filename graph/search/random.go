package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// A Trial is a run with settings of a search.
type Trial[S any] struct {
	Number   int     `json:"number"`          // from 0
	Budget   int     `json:"budget"`          // of Halving, such as a number of epochs; else 0
	Settings S       `json:"settings"`        // what Draw returned
	Score    float64 `json:"score"`           // what Run returned; 0 after an error
	Err      string  `json:"error,omitempty"` // what failed; such a trial is the worst
}

// Random is a search with settings drawn at random (Bergstra and Bengio 2012, "Random Search for Hyper-Parameter Optimization").
type Random[S any] struct {
	// Draw returns the settings of a trial. It draws from rng and from nothing else: each trial has an rng of its own, so that it
	// gets the same settings in any order. The settings are data that encoding/json writes and reads.
	Draw func(rng *rand.Rand) S
	// Run trains with the settings of a trial, for its budget, and returns how good the result is on the validation data. It is called
	// from several goroutines if Parallel is more than 1. After an error the search goes on with other trials. For the same bits
	// in any order, it takes its seed from the trial's number, not from the clock, and sets Config.Workers as it likes.
	Run func(ctx context.Context, t Trial[S]) (score float64, err error)

	Trials   int    // number of trials
	Minimize bool   // a smaller score is better
	Seed     uint64 // of the settings
	Parallel int    // number of trials at a time; 0 means 1

	Memory    func(s S) int64 // bytes that a trial takes; nil means 0
	MaxMemory int64           // limit of the bytes of the trials at a time; 0 means none. A trial that takes more fails, and is not recorded

	Path string // file that records the finished trials, and from which Search resumes; "" means none
}

// Search runs all trials and returns them, the best first. When the context ends, it waits for the trials under way, and returns
// the finished ones and the context's error; trials that the end of the context made fail are not recorded. That all trials fail is an
// error, too.
func (r Random[S]) Search(ctx context.Context) (Results[S], error) {
	return Halving[S]{Random: r, Budgets: []int{0}}.search(ctx, "Random")
}

// Halving is a search that gives every setting a small budget, and only the best a larger one (successive halving: Jamieson and
// Talwalkar 2016). A trial with a larger budget runs anew, or continues: Run may keep a checkpoint by the trial's number, and resume from it
// with FitConfig.Resume and the budget as Epochs.
type Halving[S any] struct {
	Random[S]
	Budgets []int // in rising order, such as 3, 9, 27 epochs
	Factor  int   // one trial in so many gets the next budget, at least one; 0 means 3
}

// Search runs the trials, and returns each with its largest budget: those with a larger one first, then the best first, and those that
// failed last. When the context ends, it does as Random does; a trial that has not finished a budget is returned with the one before.
func (h Halving[S]) Search(ctx context.Context) (Results[S], error) { return h.search(ctx, "Halving") }

func (h Halving[S]) check() error {
	switch {
	case h.Draw == nil || h.Run == nil:
		return errors.New("Draw and Run: got nil, want functions")
	case h.Trials < 1:
		return fmt.Errorf("Trials: got %d, want 1 or more", h.Trials)
	case h.Parallel < 0:
		return fmt.Errorf("Parallel: got %d, want 0 or more", h.Parallel)
	case h.MaxMemory < 0:
		return fmt.Errorf("MaxMemory: got %d, want 0 or more", h.MaxMemory)
	case len(h.Budgets) == 0:
		return errors.New("Budgets: got none, want at least one")
	case h.Factor < 0 || h.Factor == 1:
		return fmt.Errorf("Factor: got %d, want 2 or more, or 0 for 3", h.Factor)
	}
	for i, b := range h.Budgets {
		if i > 0 && b <= h.Budgets[i-1] {
			return fmt.Errorf("Budgets: got %v, want rising numbers", h.Budgets)
		}
	}
	return nil
}

// settings returns the settings of a trial.
func (r Random[S]) settings(number int) S {
	return r.Draw(rand.New(rand.NewPCG(r.Seed, uint64(number))))
}

func (h Halving[S]) search(ctx context.Context, name string) (Results[S], error) {
	results, err := h.rungs(ctx)
	if err != nil {
		return results, fmt.Errorf("search: %s: %w", name, err)
	}
	return results, nil
}

// rungs runs the trials, budget by budget.
func (h Halving[S]) rungs(ctx context.Context) (Results[S], error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	if ctx == nil {
		return nil, errors.New("got no context, want one such as context.Background()")
	}
	j, err := openJournal[S](h.Path, h.Seed)
	if err != nil {
		return nil, err
	}
	defer j.close()
	results := Results[S]{}
	rung := make(Results[S], h.Trials)
	for i := range rung {
		rung[i] = Trial[S]{Number: i, Settings: h.settings(i)}
	}
	factor := h.Factor
	if factor == 0 {
		factor = 3
	}
	for i, budget := range h.Budgets {
		next := slices.Clone(rung)
		for k := range next {
			next[k].Budget = budget
		}
		done, err := h.runAll(ctx, next, j)
		done.sort(h.Minimize)
		if err != nil {
			if i > 0 { // the others have finished the budget before
				done = append(done, rung.without(done)...)
			}
			return append(done, results...).failedLast(), err
		}
		if i == len(h.Budgets)-1 || done[0].Err != "" {
			results = append(done, results...).failedLast()
			break
		}
		keep := max((len(done)+factor-1)/factor, 1)
		for keep > 1 && done[keep-1].Err != "" {
			keep--
		}
		rung, results = slices.Clone(done[:keep]), append(done[keep:], results...)
	}
	if results[0].Err != "" {
		return results, fmt.Errorf("got no trial without an error; the first: %s", results[0].Err)
	}
	return results, nil
}
