package graph

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
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

// scores collects what the metrics of one output need during an epoch.
type scores struct {
	outPort
	sums   []float64 // of the MeanMetrics, weighted by rows
	rows   int
	whole  bool      // a metric needs all predictions
	pred   []*Tensor // of all batches, if so
	target []*Tensor
}

func newScores(o outPort) *scores {
	s := &scores{outPort: o, sums: make([]float64, len(o.Metrics))}
	for _, m := range o.Metrics {
		if _, ok := m.(MeanMetric); !ok {
			s.whole = true
		}
	}
	return s
}

// state is what a checkpoint has of an epoch's scores.
func (s *scores) state() Saved {
	return Saved{"sums": &s.sums, "rows": &s.rows, "pred": &s.pred, "target": &s.target}
}

// check tells whether a state that was read fits the metrics.
func (s *scores) check() error {
	rows := 0
	for _, t := range s.pred {
		if t == nil || t.Dims() == 0 {
			return errors.New("scores: got a prediction without rows")
		}
		rows += t.Shape()[0]
	}
	if s.sums == nil { // they were all zero
		s.sums = make([]float64, len(s.Metrics))
	}
	if len(s.sums) != len(s.Metrics) || len(s.pred) != len(s.target) || s.whole && rows != s.rows {
		return fmt.Errorf("scores: got those of %d metrics and %d rows of %d, want %d metrics", len(s.sums), rows, s.rows, len(s.Metrics))
	}
	return nil
}

func (s *scores) batch(pred, target *Tensor) error {
	rows := pred.Shape()[0]
	for i, m := range s.Metrics {
		if _, ok := m.(MeanMetric); ok {
			s.sums[i] += float64(rows) * m.Score(pred, target)
		}
	}
	s.rows += rows
	if !s.whole {
		return nil
	}
	numbers, err := tensors.Floats(target)
	if err != nil {
		return fmt.Errorf("%s: target: %w", s.name, err)
	}
	if numbers == target { // a batch is valid until the next one
		numbers = tensors.Clone(target)
	}
	s.pred, s.target = append(s.pred, tensors.Clone(pred)), append(s.target, numbers)
	return nil
}

// add writes the scores to logs.
func (s *scores) add(logs Logs, prefix string) {
	var pred, target *Tensor
	if s.whole {
		pred, target = stack(s.pred), stack(s.target)
	}
	for i, m := range s.Metrics {
		if _, ok := m.(MeanMetric); ok {
			logs[prefix+s.log(m.Name())] = s.sums[i] / float64(s.rows)
		} else {
			logs[prefix+s.log(m.Name())] = m.Score(pred, target)
		}
	}
}

// stack joins tensors along the first dimension.
func stack(list []*Tensor) *Tensor {
	rows := 0
	for _, t := range list {
		rows += t.Shape()[0]
	}
	out := tensors.New(list[0].Dtype(), append([]int{rows}, list[0].Shape()[1:]...))
	at := 0
	for _, t := range list {
		n := t.Shape()[0]
		_ = tensors.Copy(tensors.Rows(out, at, n), t)
		at += n
	}
	return out
}
