package graph

import (
	"fmt"

	"github.com/nndiy/nndiy/graph/internal/program"
)

// A tally collects the losses and metrics of an epoch, or of Evaluate: means over the samples, or over the elements that count.
type tally struct {
	rows   int
	loss   float64   // sum of loss·count over the batches; of the rest of the loss beside the parts if mixed
	parts  []float64 // sum of loss·count of each output that has a loss
	counts []float64 // the number of elements that each of these is a mean over
	mixed  bool      // there are several losses, and masks: each is a mean over another number of elements
	scores []*scores // of each output that has metrics
	losses []tallied // the outputs that have a loss

	logs map[string]float64 // sum of value·rows of the scalars of Scope.Log
}

// A tallied is an output in a tally.
type tallied struct {
	name   string // of its loss in the logs
	factor float64
	place  int  // among the outputs that have a loss or metrics
	rows   bool // the loss is a mean over samples, even if it has a mask
}

func newTally(m *Model) *tally {
	t := new(tally)
	place := 0
	for _, o := range m.outs {
		if !o.measured() {
			continue
		}
		if o.Loss != nil {
			_, own := o.Loss.(MaskedLoss)
			_, sample := o.Loss.(SampleLoss)
			t.losses = append(t.losses, tallied{o.name + "_loss", o.factor(), place, own && sample})
		}
		if len(o.Metrics) > 0 {
			t.scores = append(t.scores, newScores(o, place))
		}
		place++
	}
	t.parts, t.counts = make([]float64, len(t.losses)), make([]float64, len(t.losses))
	return t
}

// reset forgets all batches.
func (t *tally) reset() {
	t.rows, t.loss, t.mixed = 0, 0, false
	clear(t.parts)
	clear(t.counts)
	clear(t.logs)
	for _, s := range t.scores {
		clear(s.sums)
		s.rows, s.pred, s.target = 0, nil, nil
	}
}

// state returns what a checkpoint in the middle of an epoch stores of the tally.
func (t *tally) state() Saved {
	scores := Saved{}
	for _, s := range t.scores {
		scores[s.name] = s.state()
	}
	return Saved{"rows": &t.rows, "loss": &t.loss, "parts": &t.parts, "counts": &t.counts, "mixed": &t.mixed, "logs": &t.logs, "scores": scores}
}

// check returns an error if a state read from a checkpoint does not fit the model.
func (t *tally) check() error {
	for _, list := range []*[]float64{&t.parts, &t.counts} {
		if *list == nil { // a file leaves out zeros
			*list = make([]float64, len(t.losses))
		}
	}
	if n := len(t.losses); t.rows < 0 || len(t.parts) != n || len(t.counts) != n {
		return fmt.Errorf("tally: got %d losses over %d samples, want %d losses over 0 or more", len(t.parts), t.rows, n)
	}
	for _, s := range t.scores {
		if err := s.check(); err != nil {
			return err
		}
	}
	return nil
}

// batch adds the losses and scores of a batch on which a training or evaluation program has run. It returns the number of elements
// that the loss is a mean over, or of samples if there are several losses.
func (t *tally) batch(p *program.Program, b Batch, rows int) (count float64, err error) {
	t.rows += rows
	count = float64(rows)
	rest := p.Loss()
	for i, o := range t.losses {
		n := float64(rows)
		if v := p.Valid(o.place); v != nil {
			n = float64(countValid(v, o.rows))
			t.mixed = len(t.losses) > 1
		}
		t.counts[i] += n
		if p.Parts() > 0 {
			t.parts[i] += p.Part(i) * n
			rest -= p.Part(i) * o.factor
		} else {
			count = n
		}
	}
	if !t.mixed {
		rest = p.Loss()
	}
	t.loss += rest * count
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
		if err := s.batch(p.Prediction(i), target, p.Valid(s.place)); err != nil {
			return count, err
		}
	}
	return count, nil
}

// mean returns the mean loss so far, NaN if it is over nothing. Of several losses, those over nothing add nothing.
func (t *tally) mean() float64 {
	switch {
	case len(t.losses) == 0: // only penalties
		return t.loss / float64(t.rows)
	case !t.mixed:
		return t.loss / t.counts[0]
	}
	sum := t.loss / float64(t.rows)
	for i, o := range t.losses {
		if t.counts[i] > 0 {
			sum += o.factor * t.parts[i] / t.counts[i]
		}
	}
	return sum
}

// counted returns an error if a loss is over no elements.
func (t *tally) counted() error {
	for i, o := range t.losses {
		if t.counts[i] == 0 {
			return fmt.Errorf("%s: got no element that counts, want one that is neither padding nor left out by its target", o.name)
		}
	}
	return nil
}

// add writes the means and the scores to logs.
func (t *tally) add(logs Logs, prefix string) error {
	if err := t.counted(); err != nil {
		return err
	}
	logs[prefix+"loss"] = t.mean()
	if len(t.losses) > 1 {
		for i, o := range t.losses {
			logs[prefix+o.name] = t.parts[i] / t.counts[i]
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
