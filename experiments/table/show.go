package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
)

// A shown is what show prints and draws.
type shown struct {
	target            string
	table, rest, test *datasets.Table
	deep, linear      *trained
	path              string
}

// A result is what -json prints. Scores are accuracies or R² on the test rows.
type result struct {
	Target   string   `json:"target"`
	Score    string   `json:"score"` // accuracy or r2
	Test     float64  `json:"test_score"`
	Linear   *float64 `json:"linear_score,omitempty"` // nil after Ctrl-C
	Constant float64  `json:"constant_score"`
	Folds    float64  `json:"folds_score,omitempty"` // the mean of the folds
	lab.Training
}

// show prints the scores and the importance of the columns, and draws the diagrams.
func (s settings) show(ctx context.Context, w io.Writer, r shown) (*result, error) {
	score, res := "R²", &result{Target: r.target, Score: "r2", Training: r.deep.training}
	if r.deep.columns.Classes != nil {
		score, res.Score = "accuracy", "accuracy"
	}
	var err error
	if res.Test, err = r.deep.score(ctx, r.test); err != nil {
		return nil, err
	}
	rows := [][]string{{"model", "test " + score}, {"residual network", fmt.Sprintf("%.4f", res.Test)}}
	if r.linear != nil {
		v, err := r.linear.score(ctx, r.test)
		if err != nil {
			return nil, err
		}
		res.Linear, rows = &v, append(rows, []string{"linear", fmt.Sprintf("%.4f", v)})
	}
	if res.Constant, err = r.deep.constant(r.rest, r.test); err != nil {
		return nil, err
	}
	rows = append(rows, []string{"constant", fmt.Sprintf("%.4f", res.Constant)})
	if s.Folds > 0 && !res.Interrupted {
		sum := 0.0
		for k := 0; k < s.Repeats && err == nil; k++ {
			var v float64
			v, err = s.folds(ctx, r.table, s.Folds, s.Seed+uint64(k), false)
			sum += v / float64(s.Repeats)
		}
		switch {
		case interrupted(ctx, err):
			ctx, res.Interrupted = goOn(ctx, w), true
		case err != nil:
			return nil, err
		default:
			res.Folds = sum
			rows = append(rows, []string{fmt.Sprintf("residual network, mean of %d folds, %d times", s.Folds, s.Repeats), fmt.Sprintf("%.4f", sum)})
		}
	}
	if err := lab.Table(w, rows...); err != nil {
		return nil, err
	}
	if data, err := r.deep.columns.Arrays(r.test); err == nil && slices.Min(data.Y.Float32s()) == slices.Max(data.Y.Float32s()) {
		fmt.Fprintf(w, "\nAll test rows have the same %s, so the scores say little.\n", r.target)
	}
	columns, err := r.importance(ctx, s.Seed)
	if err != nil {
		return nil, err
	}
	if err := columns.print(w); err != nil {
		return nil, err
	}
	if err := s.draw(ctx, r, columns, score); err != nil {
		return nil, err
	}
	return res, r.example(ctx, w)
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
