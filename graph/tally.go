package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/program"
)

// A tally is what is measured over an epoch, or over a set: means over the samples.
type tally struct {
	rows   int
	loss   float64   // sum of the batches' losses, weighted by rows, as all sums here
	parts  []float64 // of each output that has a loss, where there are several
	scores []*scores // of each output that has metrics
	names  []string  // of the parts in the logs
}

func newTally(m *Model) *tally {
	t := new(tally)
	for _, o := range m.outs {
		if o.Loss != nil {
			t.names = append(t.names, o.name+"_loss")
		}
		if len(o.Metrics) > 0 {
			t.scores = append(t.scores, newScores(o))
		}
	}
	t.parts = make([]float64, len(t.names))
	return t
}

// state is what a checkpoint in the midst of an epoch has of it.
func (t *tally) state() Saved {
	scores := Saved{}
	for _, s := range t.scores {
		scores[s.name] = s.state()
	}
	return Saved{"rows": &t.rows, "loss": &t.loss, "parts": &t.parts, "scores": scores}
}

// check tells whether a state that was read fits the model.
func (t *tally) check() error {
	if t.parts == nil { // they were all zero
		t.parts = make([]float64, len(t.names))
	}
	if t.rows < 0 || len(t.parts) != len(t.names) {
		return fmt.Errorf("got %d losses of %d rows, want %d losses", len(t.parts), t.rows, len(t.names))
	}
	for _, s := range t.scores {
		if err := s.check(); err != nil {
			return err
		}
	}
	return nil
}

// batch adds what a program for training or evaluation computed.
func (t *tally) batch(p *program.Program, b Batch, rows int) error {
	t.rows += rows
	t.loss += p.Loss() * float64(rows)
	for i := range p.Parts() {
		t.parts[i] += p.Part(i) * float64(rows)
	}
	for i, s := range t.scores {
		target := b.Y
		if s.name != MainOutput {
			target = b.Targets[s.name]
		}
		if err := s.batch(p.Prediction(i), target); err != nil {
			return err
		}
	}
	return nil
}

// mean returns the mean loss so far.
func (t *tally) mean() float64 { return t.loss / float64(t.rows) }

// add writes the means and the scores to logs.
func (t *tally) add(logs Logs, prefix string) {
	logs[prefix+"loss"] = t.mean()
	if len(t.parts) > 1 {
		for i, name := range t.names {
			logs[prefix+name] = t.parts[i] / float64(t.rows)
		}
	}
	for _, s := range t.scores {
		s.add(logs, prefix)
	}
}
