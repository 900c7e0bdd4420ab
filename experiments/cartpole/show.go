package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/experiments/internal/chart"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
)

// The names of the output files.
const (
	curves  = "returns.png"
	actions = "actions.png"
)

const window = 100 // episodes over which the mean return counts

// check validates the settings and sets those that depend on the agent, unless their flags were set.
func (s *settings) check(f *flag.FlagSet) error {
	for _, c := range []struct {
		name  string
		value int
	}{{"seeds", s.Seeds}, {"batch", s.Batch}} {
		if c.value < 1 || c.value > 1<<20 {
			return fmt.Errorf("-%s: got %d, want 1 to %d", c.name, c.value, 1<<20)
		}
	}
	goal, rate := s.Agent.Value().goal, s.Agent.Value().rate
	f.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "goal":
			goal = s.Goal
		case "lr":
			rate = s.LR
		}
	})
	s.Goal, s.LR = goal, rate
	if !(s.LR > 0 && s.LR <= 1) {
		return fmt.Errorf("-lr: got %v, want a number above 0, at most 1", s.LR)
	}
	if !(s.Goal > 0 && s.Goal <= limit) {
		return fmt.Errorf("-goal: got %v, want a number above 0, at most %d", s.Goal, limit)
	}
	return nil
}

// recent returns the mean of the last values, at most window of them.
func recent(values []float64) (mean float64) {
	values = values[max(0, len(values)-window):]
	for _, v := range values {
		mean += v
	}
	return mean / float64(max(1, len(values)))
}

// add adds the training of another agent to the means.
func (r *result) add(c course) {
	r.Runs = append(r.Runs, c)
	r.Solved, r.Episodes, r.ValidReturn = 0, 0, 0
	n := float64(len(r.Runs))
	for _, c := range r.Runs {
		r.Episodes += float64(c.Episodes) / n
		r.ValidReturn += c.ValidReturn / n
		if c.Solved {
			r.Solved += 1 / n
		}
	}
}

// show draws the returns of all agents and the actions of the first one, and saves its parameters.
func (r *result) show(l *lab.Lab, first agent) error {
	fmt.Fprintf(l.Stdout, "\n%.0f of %d agents have reached a mean return of %v, in %.0f episodes on average\n",
		r.Solved*float64(len(r.Runs)), len(r.Runs), r.Goal, r.Episodes)
	d := chart.Points{Title: fmt.Sprintf("Mean return of the last %d episodes (lines), and the returns", window), X: "episode", Y: "return"}
	for _, c := range r.Runs {
		line := chart.Polyline{Name: fmt.Sprintf("seed %d", c.Seed)}
		for i, v := range c.returns {
			d.At = append(d.At, [2]float64{float64(i + 1), v})
			line.At = append(line.At, [2]float64{float64(i + 1), recent(c.returns[:i+1])})
		}
		d.Lines = append(d.Lines, line)
	}
	if err := d.Save(l.Path(curves)); err != nil {
		return err
	}
	if err := r.drawActions(l, first.model()); err != nil {
		return err
	}
	if err := first.model().Params().SaveFile(l.Path(lab.Weights)); err != nil {
		return err
	}
	_, err := fmt.Fprintf(l.Stdout, "\nwritten to %s: %s, %s, %s\n", l.Out, curves, actions, lab.Weights)
	return err
}

// drawActions draws how much higher the score of pushing to the right is, for angles and angular velocities of the pole on a cart
// that is at rest in the middle.
func (r *result) drawActions(l *lab.Lab, m *graph.Model) error {
	const side = 25
	x := matrix(side*side, 4)
	h := chart.Heat{Title: "To the left (white) or to the right (blue)", X: "angle of the pole, degrees", Y: "angular velocity, rad/s"}
	at := func(i int) float64 { return 2*float64(i)/(side-1) - 1 } // from -1 to 1
	for i := range side {
		row, column := "", ""
		if i%6 == 0 {
			row, column = fmt.Sprintf("%.1f", 2*at(side-1-i)), fmt.Sprintf("%.0f", 12*at(i))
		}
		h.Rows, h.Columns = append(h.Rows, row), append(h.Columns, column)
		for j := range side {
			state{2: 12 * at(j) * math.Pi / 180, 3: 2 * at(side-1-i)}.put(x, i*side+j)
		}
	}
	y, err := m.Predict(context.Background(), x)
	if err != nil {
		return err
	}
	more, typical := make([]float64, side*side), math.SmallestNonzeroFloat64
	for i := range more {
		more[i] = float64(y.Float32s()[2*i+1]) - float64(y.Float32s()[2*i])
		typical += math.Abs(more[i]) / float64(len(more))
	}
	for i, v := range more {
		more[i] = (v/typical + 1) / 2
	}
	h.Values = slices.Collect(slices.Chunk(more, side))
	return h.Save(l.Path(actions))
}
