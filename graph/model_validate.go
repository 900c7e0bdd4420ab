package graph

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// validate checks the settings of the optimizers, losses and metrics.
func (m *Model) validate() error {
	var settings []any
	var errs []error
	for _, o := range chain(m.cfg.Optimizer) {
		settings = append(settings, o)
	}
	named := func(what string, v any) { // finds a nil pointer or function
		if v != nil && isNil(v) {
			errs = append(errs, fmt.Errorf("%s: got a nil %T, want a value", what, v))
		}
	}
	named("Config.Optimizer", m.cfg.Optimizer)
	add := func(loss Loss, metrics []Metric) {
		named("Loss", loss)
		settings = append(settings, loss)
		for i, metric := range metrics {
			for m := metric; ; m = inside(m) {
				if isNil(m) {
					errs = append(errs, fmt.Errorf("metric %d: got nil, want a Metric", i))
					break
				}
				settings = append(settings, m)
				if _, ok := m.(MetricWrapper); !ok {
					break
				}
			}
		}
	}
	add(m.cfg.Loss, m.cfg.Metrics)
	for _, name := range slices.Sorted(maps.Keys(m.cfg.Outputs)) {
		add(m.cfg.Outputs[name].Loss, m.cfg.Outputs[name].Metrics)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if _, err := m.logNames(); err != nil {
		return err
	}
	for _, v := range settings {
		if v, ok := v.(Validator); ok {
			if err := v.Validate(); err != nil {
				return err
			}
		}
	}
	averages := optimizersAs[Averager](m.cfg.Optimizer)
	averages = slices.DeleteFunc(averages, func(a Averager) bool { return a.Average() < 0 })
	if len(averages) > 1 {
		return fmt.Errorf("Config.Optimizer: got %d averages of the weights, want at most 1", len(averages))
	}
	return nil
}

// checkMetrics returns an error for a metric that cannot take the prediction or the target of its output. valid is as in lossGraph:
// where some elements may not count, the metric gets those that do as rows.
func (m *Model) checkMetrics(e emission, targets [][]int, valid []Node) error {
	place, at := -1, 0 // in valid and in targets
	for i, o := range m.outs {
		if !o.measured() {
			continue
		}
		place++
		y, err := e.output(o)
		if err != nil {
			return err
		}
		k := valid[place].Rank()
		m.outs[i].masked = k > 0
		if !o.targeted() {
			continue
		}
		pred, target := y.Shape(), targets[at]
		if at++; k > 0 {
			n := tensors.Size(pred[:k])
			pred, target = append([]int{n}, pred[k:]...), append([]int{n}, target[k:]...)
		}
		for _, metric := range o.Metrics {
			if err := o.checkReading(metric, y); err != nil {
				return fmt.Errorf("graph: Compile: metric %s: %w", o.log(metric.Name()), err)
			}
			if c, ok := metricAs[MetricChecker](metric); ok {
				if err := c.Check(pred, target); err != nil {
					return fmt.Errorf("graph: Compile: metric %s: %w", o.log(metric.Name()), err)
				}
			}
		}
	}
	return nil
}

// isNil reports whether v is nil, or a nil pointer or a nil function in an interface.
func isNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func:
		return r.IsNil()
	}
	return false
}
