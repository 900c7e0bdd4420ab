package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files besides the model's.
const curves = "loss.png"

// A shown is what show prints and draws.
type shown struct {
	target            string
	table, rest, test *datasets.Table
	deep, linear      *trained
	path              string
}

// show prints the scores and the importance of the columns, and draws the losses.
func (s settings) show(ctx context.Context, w io.Writer, r shown) error {
	score := "R²"
	if r.deep.columns.Classes != nil {
		score = "accuracy"
	}
	rows := [][]string{{"model", "test " + score}}
	constant, err := r.deep.constant(r.rest, r.test)
	if err != nil {
		return err
	}
	for _, m := range []struct {
		name  string
		model *trained
	}{{"residual network", r.deep}, {"linear", r.linear}} {
		v, err := m.model.score(ctx, r.test)
		if err != nil {
			return err
		}
		rows = append(rows, []string{m.name, fmt.Sprintf("%.4f", v)})
	}
	rows = append(rows, []string{"constant", fmt.Sprintf("%.4f", constant)})
	if s.Folds > 0 {
		v, err := s.folds(ctx, r.table, s.Folds, s.Seed, false)
		if err != nil {
			return err
		}
		rows = append(rows, []string{fmt.Sprintf("residual network, mean of %d folds", s.Folds), fmt.Sprintf("%.4f", v)})
	}
	if err := lab.Table(w, rows...); err != nil {
		return err
	}
	if err := r.importance(ctx, w, s.Seed); err != nil {
		return err
	}
	c := chart.Loss("Predicting "+r.target, "loss", r.deep.history, r.deep.best)
	if err := c.Save(filepath.Join(s.Out, curves)); err != nil {
		return err
	}
	return r.example(ctx, w)
}

// constant returns the score on the test rows of a prediction that is always the same: the most frequent class of the other rows, or
// the mean of their targets.
func (t *trained) constant(rest, test *datasets.Table) (float64, error) {
	known, err := t.columns.Arrays(rest)
	if err != nil {
		return 0, err
	}
	data, err := t.columns.Arrays(test)
	if err != nil {
		return 0, err
	}
	y := data.Y.Float32s()
	if t.columns.Classes == nil {
		return rSquared(y, mean(known.Y.Float32s())), nil
	}
	counts := make([]int, len(t.columns.Classes))
	for _, v := range known.Y.Float32s() {
		counts[int(v)]++
	}
	most, right := slices.Index(counts, slices.Max(counts)), 0
	for _, v := range y {
		if int(v) == most {
			right++
		}
	}
	return float64(right) / float64(len(y)), nil
}

// rSquared returns the R² of a prediction that is the same number for each target; 0 if the targets are equal.
func rSquared(y []float32, prediction float64) float64 {
	var own, all float64
	center := mean(y)
	for _, v := range y {
		own += (float64(v) - prediction) * (float64(v) - prediction)
		all += (float64(v) - center) * (float64(v) - center)
	}
	if all == 0 {
		return 0
	}
	return 1 - own/all
}

func mean(y []float32) float64 {
	sum := 0.0
	for _, v := range y {
		sum += float64(v)
	}
	return sum / float64(max(len(y), 1))
}

// importance prints how much the score on the test rows falls if the values of a column are shuffled (Breiman 2001).
func (r shown) importance(ctx context.Context, w io.Writer, seed uint64) error {
	whole, err := r.deep.score(ctx, r.test)
	if err != nil {
		return err
	}
	type fall struct {
		name string
		by   float64
	}
	var falls []fall
	for _, f := range r.test.Fields() {
		if f.Target {
			continue
		}
		v, err := r.deep.score(ctx, &shuffled{r.test, f.Name, rand.New(rand.NewPCG(seed, 1)).Perm(r.test.Len())})
		if err != nil {
			return err
		}
		falls = append(falls, fall{f.Name, whole - v})
	}
	slices.SortStableFunc(falls, func(a, b fall) int { return cmp.Compare(b.by, a.by) })
	rows := [][]string{{"column", "importance"}}
	for _, f := range falls[:min(len(falls), 10)] {
		rows = append(rows, []string{f.name, fmt.Sprintf("%.4f", f.by)})
	}
	fmt.Fprintln(w)
	return lab.Table(w, rows...)
}

// example prints the answer to a raw row, and how the server gives it.
func (r shown) example(ctx context.Context, w io.Writer) error {
	for row, err := range r.test.Rows() {
		if err != nil {
			return err
		}
		truth := row[r.target]
		delete(row, r.target)
		answers, err := r.deep.model.PredictRows(ctx, []map[string]any{row})
		if err != nil {
			return err
		}
		text, err := json.Marshal(map[string]any{"rows": []any{row}})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\nA test row whose %s is %v gets %v. The server gives the same answer:\n\n", r.target, truth, answers[0].Value)
		fmt.Fprintf(w, "go run ./experiments/serve -model %s\ncurl -d '%s' localhost:8080/predict\n", r.path, strings.ReplaceAll(string(text), "'", `'\''`))
		break
	}
	return nil
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
