package graph

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A tally collects the losses and metrics of an epoch, or of Evaluate: means over the samples.
type tally struct {
	rows   int
	loss   float64            // sum of loss·rows over the batches
	parts  []float64          // the same for the loss of each output that has one, if there are several
	scores []*scores          // of each output that has metrics
	names  []string           // names of the parts in the logs
	logs   map[string]float64 // the same as loss for the scalars of Scope.Log
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

// state returns what a checkpoint in the middle of an epoch stores of the tally.
func (t *tally) state() Saved {
	scores := Saved{}
	for _, s := range t.scores {
		scores[s.name] = s.state()
	}
	return Saved{"rows": &t.rows, "loss": &t.loss, "parts": &t.parts, "logs": &t.logs, "scores": scores}
}

// check returns an error if a state read from a checkpoint does not fit the model.
func (t *tally) check() error {
	if t.parts == nil { // a file leaves out zeros
		t.parts = make([]float64, len(t.names))
	}
	if t.rows < 0 || len(t.parts) != len(t.names) {
		return fmt.Errorf("tally: got %d losses over %d samples, want %d losses over 0 or more", len(t.parts), t.rows, len(t.names))
	}
	for _, s := range t.scores {
		if err := s.check(); err != nil {
			return err
		}
	}
	return nil
}

// batch adds the losses and scores of a batch on which a training or evaluation program has run.
func (t *tally) batch(p *program.Program, b Batch, rows int) error {
	t.rows += rows
	t.loss += p.Loss() * float64(rows)
	for i := range p.Parts() {
		t.parts[i] += p.Part(i) * float64(rows)
	}
	for i := range p.Logs() {
		if t.logs == nil {
			t.logs = map[string]float64{}
		}
		name, v := p.Log(i)
		t.logs[name] += v * float64(rows)
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
func (t *tally) add(logs Logs, prefix string) error {
	logs[prefix+"loss"] = t.mean()
	if len(t.parts) > 1 {
		for i, name := range t.names {
			logs[prefix+name] = t.parts[i] / float64(t.rows)
		}
	}
	for name, sum := range t.logs {
		logs[prefix+name] = sum / float64(t.rows)
	}
	for _, s := range t.scores {
		if err := s.add(logs, prefix); err != nil {
			return err
		}
	}
	return nil
}

// scores collects what the metrics of one output need during an epoch.
type scores struct {
	outPort
	sums     []float64 // sum of score·rows over the batches, for each MeanMetric
	rows     int
	needsAll bool      // a metric needs the predictions of all batches at once
	pred     []*Tensor // the predictions of all batches, if needsAll
	target   []*Tensor // the targets, if needsAll
}

func newScores(o outPort) *scores {
	s := &scores{outPort: o, sums: make([]float64, len(o.Metrics))}
	for _, m := range o.Metrics {
		if _, ok := metricAs[MeanMetric](m); !ok {
			s.needsAll = true
		}
	}
	return s
}

// state returns what a checkpoint in the middle of an epoch stores of the scores.
func (s *scores) state() Saved {
	return Saved{"sums": &s.sums, "rows": &s.rows, "pred": &s.pred, "target": &s.target}
}

// check returns an error if a state read from a checkpoint does not fit the metrics.
func (s *scores) check() error {
	rows := 0
	for _, t := range s.pred {
		if t == nil || t.Dims() == 0 {
			return errors.New("scores: got a prediction without rows, want shape (batch, ...)")
		}
		rows += t.Shape()[0]
	}
	if s.sums == nil { // a file leaves out zeros
		s.sums = make([]float64, len(s.Metrics))
	}
	if len(s.sums) != len(s.Metrics) || len(s.pred) != len(s.target) || s.needsAll && rows != s.rows {
		return fmt.Errorf("scores: got %d metrics and the predictions of %d of %d samples, want %d metrics and all samples",
			len(s.sums), rows, s.rows, len(s.Metrics))
	}
	return nil
}

func (s *scores) batch(pred, target *Tensor) error {
	rows := pred.Shape()[0]
	for i, m := range s.Metrics {
		if _, ok := metricAs[MeanMetric](m); ok {
			score, err := s.scoreOf(m, pred, target)
			if err != nil {
				return err
			}
			s.sums[i] += float64(rows) * score
		}
	}
	s.rows += rows
	if !s.needsAll {
		return nil
	}
	y, err := tensors.Floats(target)
	if err != nil {
		return fmt.Errorf("%s: target: %w", s.name, err)
	}
	if y == target { // a batch is valid only until the next one
		y = tensors.Clone(target)
	}
	s.pred, s.target = append(s.pred, tensors.Clone(pred)), append(s.target, y)
	return nil
}

// add writes the scores to logs.
func (s *scores) add(logs Logs, prefix string) error {
	var pred, target *Tensor
	if s.needsAll {
		var err error
		if pred, target, err = s.all(); err != nil {
			return err
		}
	}
	for i, m := range s.Metrics {
		if _, ok := metricAs[MeanMetric](m); ok {
			logs[prefix+s.log(m.Name())] = s.sums[i] / float64(s.rows)
			continue
		}
		score, err := s.scoreOf(m, pred, target)
		if err != nil {
			return err
		}
		logs[prefix+s.log(m.Name())] = score
	}
	return nil
}
