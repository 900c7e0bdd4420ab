package main

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// An outcome is a row and the results of its runs, one per seed.
type outcome struct {
	row
	runs []measured
}

// mean returns the mean over the seeds of a number in the results. The key "test.0.psnr" means the field psnr of the first
// element of test. It reports false if a run lacks the number.
func (o outcome) mean(key string) (mean float64, ok bool) {
	sum, ok := o.fold(key, func(a, b float64) float64 { return a + b })
	return sum / float64(len(o.runs)), ok
}

// value returns the mean of a measure. It reports false if a run lacks it.
func (o outcome) value(m measure) (v float64, ok bool) {
	v, ok = o.mean(m.key)
	if m.minus == "" {
		return v, ok
	}
	minus, both := o.mean(m.minus)
	return v - minus, ok && both
}

// fold reduces a number over the runs by a function such as math.Min. It reports false if a run lacks the number.
func (o outcome) fold(key string, f func(a, b float64) float64) (all float64, ok bool) {
	for i, m := range o.runs {
		v, ok := lookup(m.Result, strings.Split(key, ".")).(float64)
		switch {
		case !ok:
			return 0, false
		case i == 0:
			all = v
		default:
			all = f(all, v)
		}
	}
	return all, len(o.runs) > 0
}

// lookup follows a path of keys and indices into a JSON value. It returns nil if there is no such value.
func lookup(v any, path []string) any {
	if len(path) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		return lookup(v[path[0]], path[1:])
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i >= 0 && i < len(v) {
			return lookup(v[i], path[1:])
		}
	}
	return nil
}

// figures formats the row's measures. All holds the outcomes that a figure may be compared with.
func (o outcome) figures(all []outcome) []string {
	var list []string
	for _, m := range o.measures {
		v, ok := o.value(m)
		if !ok {
			continue
		}
		text := m.text(v)
		if missed := m.missed(v, all); missed != "" {
			text += " (" + missed + ")"
		}
		list = append(list, text)
	}
	return list
}

// text formats a value with its unit and name.
func (m measure) text(v float64) string {
	number := fmt.Sprintf("%.4g", v)
	switch m.unit {
	case "%":
		number = fmt.Sprintf("%.2f%%", 100*v)
	case "dB":
		number = fmt.Sprintf("%.2f dB", v)
	}
	return strings.TrimSpace(number + " " + m.name)
}

// bound returns the smallest acceptable value: least, or the value of the reference row plus least. It reports false if there
// is none.
func (m measure) bound(all []outcome) (least float64, ok bool) {
	for _, o := range all {
		if m.reference != "" && o.name == m.reference {
			v, ok := o.value(measure{key: cmp.Or(m.referenceKey, m.key), minus: m.minus})
			return v + m.least, ok
		}
	}
	return m.least, m.reference == "" && m.least > 0
}

// missed returns how a value misses what is acceptable, such as "below 99.00% test"; "" if it is acceptable.
func (m measure) missed(v float64, all []outcome) string {
	if least, ok := m.bound(all); ok && !(v >= least) {
		return "below " + m.text(least)
	}
	if m.most > 0 && !(v <= m.most) {
		return "above " + m.text(m.most)
	}
	return ""
}

// A summaryRow is a row in the JSON of the report.
type summaryRow struct {
	Name    string             `json:"name"`
	Seeds   int                `json:"seeds"`
	Means   map[string]float64 `json:"means"`
	Reached bool               `json:"reached"` // all figures are acceptable
}

// summary returns the value that -json prints.
func summary(results []outcome, took time.Duration) any {
	list := make([]summaryRow, len(results))
	for i, o := range results {
		list[i] = summaryRow{Name: o.name, Seeds: len(o.runs), Means: map[string]float64{}, Reached: true}
		keys := []string{"epochs", "best_epoch", "seconds", "samples_s"}
		for _, m := range o.measures {
			keys = append(keys, m.key)
			v, ok := o.value(m)
			if !ok {
				v = math.NaN()
			}
			list[i].Reached = list[i].Reached && m.missed(v, results) == ""
		}
		for _, key := range keys {
			if v, ok := o.mean(key); ok {
				list[i].Means[key] = v
			}
		}
	}
	return map[string]any{"rows": list, "seconds": took.Seconds()}
}
