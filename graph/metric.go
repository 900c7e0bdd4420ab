package graph

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A Metric scores predictions for people to read; it is not trained on. Name is its name in the logs, such as "accuracy".
// Score returns the score of predictions, both tensors with the batch in front. If the predictions have a mask, it gets the steps that
// are valid, each as a row; see Node.Mask. A model calls its metrics one at a time, also with FitConfig.Shards and in calls of Evaluate side
// by side; a panic of one is an error.
type Metric interface {
	Name() string
	Score(pred, target *Tensor) float64
}

// A MeanMetric is a Metric whose score of a set is the mean of the scores of its rows, so Score is called batch by batch.
// For any other metric Score is called once, with all predictions of the set. RowMean does nothing; it marks the type.
type MeanMetric interface {
	Metric
	RowMean()
}

// A MetricChecker is a Metric that checks the shapes of predictions and targets, with the batch in front: Check returns an
// error if the metric cannot take them. Compile calls it.
type MetricChecker interface {
	Metric
	Check(pred, target []int) error
}

// A DirectedMetric is a Metric that knows whether a larger score is better. Callbacks that look for the best epoch follow it,
// see Run.LargerIsBetter.
type DirectedMetric interface {
	Metric
	LargerIsBetter() bool
}

// A MetricExplainer is a Metric that can tell an error from a score that is undefined. Fit and Evaluate call Explain after a
// Score of NaN, with the same tensors, and return its error: targets that are not classes, shapes that do not fit. A nil error
// means that the score is undefined, such as the recall of a class that has no rows.
type MetricExplainer interface {
	Metric
	Explain(pred, target *Tensor) error
}

// A MetricWrapper is a Metric around another one, such as metrics.Named. MeanMetric, MetricChecker, MetricExplainer,
// DirectedMetric, LogitMetric and Validator are asked of it and of every metric inside it, the outermost first, so a wrapper does not
// forward them.
type MetricWrapper interface {
	Metric
	Unwrap() Metric
}

// inside returns the metric in a wrapper, or nil if m is not a wrapper.
func inside(m Metric) Metric {
	if w, ok := m.(MetricWrapper); ok {
		return w.Unwrap()
	}
	return nil
}

// metricAs returns the first of a metric and those inside it that is a T.
func metricAs[T any](m Metric) (t T, ok bool) {
	for ; !isNil(m); m = inside(m) {
		if t, ok = m.(T); ok {
			break
		}
	}
	return t, ok
}

// scoreOf returns the score of one of the output's metrics, or the reason why there is none.
func (o outPort) scoreOf(m Metric, pred, target *Tensor) (float64, error) {
	o.scoring.Lock()
	defer o.scoring.Unlock()
	score, err := ops.Safely(func() (float64, error) {
		pred, err := o.read(m, pred)
		if err != nil {
			return 0, err
		}
		score := m.Score(pred, target)
		if e, ok := metricAs[MetricExplainer](m); ok && score != score {
			err = e.Explain(pred, target)
		}
		return score, err
	})
	if err != nil {
		return score, fmt.Errorf("metric %s: %w", o.log(m.Name()), err)
	}
	return score, nil
}

// LargerIsBetter reports whether a larger value of a log, such as valid_accuracy, is better, and whether that is known. A
// smaller loss is better; for the log of a metric the metric decides, if it is a DirectedMetric. Other logs, such as those that
// a callback adds, are not known.
func (r *Run) LargerIsBetter(log string) (larger, known bool) {
	name, train := strings.CutPrefix(log, "train_")
	if !train {
		var valid bool
		if name, valid = strings.CutPrefix(log, "valid_"); !valid {
			return false, false
		}
	}
	if name == "loss" {
		return false, true
	}
	if r.Model == nil { // a test of a callback
		return false, false
	}
	for _, o := range r.Model.outs {
		for _, m := range o.Metrics {
			if o.log(m.Name()) == name {
				d, known := metricAs[DirectedMetric](m)
				return known && d.LargerIsBetter(), known
			}
		}
	}
	part := func(o outPort) bool { return o.Loss != nil && o.name+"_loss" == name }
	return false, slices.ContainsFunc(r.Model.outs, part)
}

// logNames returns what the names in the logs stand for, or an error for a metric whose name is empty or that of another value.
func (m *Model) logNames() (map[string]string, error) {
	outs := []outPort{{name: MainOutput, Output: Output{Loss: m.cfg.Loss, Metrics: m.cfg.Metrics}}}
	for _, name := range slices.Sorted(maps.Keys(m.cfg.Outputs)) {
		outs = append(outs, outPort{name: name, Output: m.cfg.Outputs[name]})
	}
	parts := map[string]string{}
	for _, o := range outs {
		if o.Loss != nil {
			parts[o.name+"_loss"] = "the loss of output " + o.name
		}
	}
	taken := map[string]string{"loss": "the loss", "learning_rate": "the learning rate"}
	if len(parts) > 1 { // else the only one is the loss
		maps.Copy(taken, parts)
	}
	for _, o := range outs {
		for i, metric := range o.Metrics {
			where, name := fmt.Sprintf("metric %d", i), metric.Name()
			if o.name != MainOutput {
				where = fmt.Sprintf("output %s: %s", o.name, where)
			}
			if name == "" {
				return nil, fmt.Errorf(`%s: got the name "", want a name for the logs, see metrics.Named`, where)
			}
			log := o.log(name)
			other := taken[log]
			if name == "loss" {
				other = "the loss"
			}
			if other != "" {
				return nil, fmt.Errorf("%s: got the name %q, which the logs give to %s, want another, see metrics.Named", where, log, other)
			}
			taken[log] = where
		}
	}
	return taken, nil
}
