package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/graph/search"
)

// trialsPicture is the diagram of a search.
const trialsPicture = "search.png"

// A choice is what a search chooses.
type choice struct {
	LR, Decay, Dropout float64
	Units              int
}

// drawChoice draws a choice: rates evenly on a logarithmic scale.
func drawChoice(rng *rand.Rand) choice {
	return choice{LR: math.Pow(10, -3.5+2*rng.Float64()), Decay: math.Pow(10, -2+3*rng.Float64()), Dropout: 0.6 * rng.Float64(), Units: 16 << rng.IntN(4)}
}

// with returns the settings with a choice.
func (s settings) with(c choice) settings {
	s.LR, s.Decay, s.Dropout, s.Units = c.LR, c.Decay, c.Dropout, c.Units
	return s
}

// search tries settings on four fifths of the rows, judges each on the others, and returns the best. The better third of
// them gets three times as many epochs, and the better third of these again. Ctrl-C ends the search; the best so far are returned.
func (s settings) search(ctx context.Context, w io.Writer, table *datasets.Table) (settings, error) {
	train, valid, err := split(table, 0.2, s.Seed)
	if err != nil {
		return s, err
	}
	e, err := encode(train, valid) // once: trials run at the same time, and a table may be large
	if err != nil {
		return s, err
	}
	h := search.Halving[choice]{Budgets: budgets(s.Epochs), Random: search.Random[choice]{
		Draw: drawChoice, Trials: s.Search, Seed: s.Seed, Parallel: runtime.GOMAXPROCS(0),
		Run: func(ctx context.Context, t search.Trial[choice]) (float64, error) {
			// The early stop keeps the weights of the best epoch.
			stop := &callbacks.EarlyStopping{Patience: s.Patience, RestoreBest: true}
			m, err := s.with(t.Settings).trainOn(ctx, e, t.Budget, s.Seed, false, stop)
			if err != nil {
				return 0, err
			}
			return m.scoreOn(ctx, e.valid)
		},
	}}
	results, err := h.Search(ctx)
	if err != nil && (len(results) == 0 || results[0].Err != "" || !interrupted(ctx, err)) {
		return s, err
	}
	fmt.Fprintf(w, "%v\n\n", results)
	d := chart.Trials{Score: "validation score", Settings: []string{"learning rate", "weight decay", "dropout", "units"}}
	for _, t := range results {
		if c := t.Settings; t.Err == "" {
			d.Trials = append(d.Trials, chart.Trial{Values: []float64{c.LR, c.Decay, c.Dropout, float64(c.Units)}, Score: t.Score, Budget: t.Budget})
		}
	}
	return s.with(results[0].Settings), d.Save(filepath.Join(s.Out, trialsPicture))
}

// budgets returns up to three rising numbers of epochs, up to the given one.
func budgets(epochs int) (list []int) {
	for _, b := range []int{epochs / 9, epochs / 3, epochs} {
		if b > 0 && (len(list) == 0 || b > list[len(list)-1]) {
			list = append(list, b)
		}
	}
	return list
}
