package main

import (
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
)

// The pictures.
const (
	attention = "attention.png"
	curves    = "exact.png"
)

// files lists the files that the experiment writes.
var files = []string{attention, curves, lab.LogFile, lab.Weights}

// show translates the test dates and the one of the flag, prints the figures, and draws.
func (r *result) show(l *lab.Lab, m *graph.Model, test []pair, history graph.History) error {
	if r.BestEpoch > 0 {
		r.ValidExact = history.Logs[r.BestEpoch-1]["valid_exact"]
	}
	var texts []string
	for _, p := range test {
		texts = append(texts, p.text)
	}
	translated, err := decode(l.Context, m, append(texts, r.Date))
	if err != nil {
		return err
	}
	right, wrong := 0, 0
	for i, p := range test {
		switch got := translated[i].date; {
		case got == p.date:
			right++
		case wrong < 5:
			wrong++
			fmt.Fprintf(l.Stdout, "wrong: %s instead of %s: %s\n", got, p.date, p.text)
		}
	}
	last := translated[len(test)]
	r.TestExact, r.Translation = float64(right)/float64(len(test)), last.date
	fmt.Fprintf(l.Stdout, "\n%d of %d test dates are translated right: %.2f%%\n%s is %s\n", right, len(test), 100*r.TestExact, r.Date, r.Translation)

	heat := chart.Heat{
		Title: "Where the decoder looks for each character", X: "text", Y: "written",
		Columns: strings.Split(strings.ReplaceAll(r.Date, " ", "·"), ""), Rows: strings.Split(last.date, ""), Values: last.weights}
	if err := heat.Save(l.Path(attention)); err != nil {
		return err
	}
	curve := chart.Curves{Title: "Dates translated right, each character after the right ones", Y: "fraction", Marked: r.BestEpoch, Rising: true, Lines: []chart.Line{
		{Name: "training", Values: history.Series("train_exact")}, {Name: "validation", Values: history.Series("valid_exact")},
	}}
	if err := curve.Save(l.Path(curves)); err != nil {
		return err
	}
	fmt.Fprintf(l.Stdout, "\nwritten to %s: %s\n", l.Out, strings.Join(files, ", "))
	return nil
}
