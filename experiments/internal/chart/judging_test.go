package chart

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/nndiy/nndiy/metrics"
)

// Every curve is drawn, also one with a single bin.
func TestJudging(t *testing.T) {
	names := []string{"cat"}
	for name, p := range map[string]Points{
		"roc":         ROC("a", names, []metrics.ROCCurve{{FalsePositive: []float64{0, 0.2, 1}, TruePositive: []float64{0, 0.7, 1}}}),
		"pr":          PrecisionRecall("b", names, []metrics.PrecisionRecallCurve{{Precision: []float64{1, 0.7}, Recall: []float64{0.3, 1}}}),
		"calibration": Calibration("c", names, []metrics.CalibrationCurve{{Confidence: []float64{0.9}, Accuracy: []float64{0.8}}}),
	} {
		path := filepath.Join(t.TempDir(), name+".png")
		if err := p.Save(path); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(p.Lines[0].At) < 2 {
			t.Errorf("%s: got %v, want a line", name, p.Lines[0].At)
		}
		if n := colours(t, path)[palette[1]]; n < 20 && name != "calibration" { // whose only bin is a point
			t.Errorf("%s: got %d pixels of the curve, want 20 or more", name, n)
		}
	}
}

// A bar is as long as its number says, and the first is at the top.
func TestBars(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bars.png")
	blue := func(values []float64) int {
		b := Bars{Title: "importance", X: "loss of accuracy", Names: []string{"a", "b"}, Values: values, Deviation: []float64{0.01, 0.01}}
		if err := b.Save(path); err != nil {
			t.Fatal(err)
		}
		return colours(t, path)[palette[0]]
	}
	both, one := blue([]float64{1, 1}), blue([]float64{1, 0})
	if got := float64(both) / float64(one); math.Abs(got-2) > 0.1 {
		t.Errorf("got %d and %d blue pixels, want twice as many for two bars", both, one)
	}
	for _, b := range []Bars{{}, {Names: []string{"a"}}, {Names: []string{"a"}, Values: []float64{1}, Deviation: []float64{}}, {Names: []string{"a"}, Values: []float64{math.NaN()}}} {
		if err := b.Save(path); err == nil {
			t.Errorf("got no error for %+v", b)
		}
	}
}

// Each panel has a point for each trial, in the colour of its budget.
func TestTrials(t *testing.T) {
	path := filepath.Join(t.TempDir(), "search.png")
	d := Trials{Score: "accuracy", Settings: []string{"rate", "units"}, Trials: []Trial{
		{[]float64{1e-4, 8}, 0.7, 3}, {[]float64{1e-2, 16}, 0.8, 3}, {[]float64{1e-1, 8}, 0.9, 9}}}
	if err := d.Save(path); err != nil {
		t.Fatal(err)
	}
	count := colours(t, path)
	if a, b := count[palette[0]], count[palette[1]]; a < 2*b*8/10 || b < 20 {
		t.Errorf("got %d and %d pixels of the budgets, want twice as many of the first", a, b)
	}
	d.Trials = nil
	if d.Save(path) == nil || (Trials{Trials: []Trial{{}}}).Save(path) == nil {
		t.Error("got no error for no trials or no settings")
	}
}
