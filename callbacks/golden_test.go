package callbacks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
)

// A golden case is a schedule of PyTorch or of the library that nndiy continues, with the rate during each epoch.
type goldenCase struct {
	Name   string
	Config map[string]any
	Metric []float64 // the monitored loss of each epoch
	Want   []float64 `json:"lr_at_epoch"`
}

// callback returns the callback of a case, and the optimizer's rate.
func (g goldenCase) callback(t *testing.T) (c graph.Callback, rate float64) {
	s := golden.Settings(g.Config)
	rate = s.Num("lr")
	switch g.Name {
	case "step":
		c = callbacks.StepDecay{Every: s.Int("step_size"), Factor: s.Num("gamma")}
	case "multistep":
		c = callbacks.PiecewiseConstant{After: s.Ints("milestones"), Factor: s.Num("gamma")}
	case "exponential":
		c = callbacks.ExponentialDecay{Factor: s.Num("gamma")}
	case "cosine":
		c = &callbacks.CosineDecay{Epochs: s.Int("t_max"), MinRate: s.Num("eta_min")}
	case "cosine_warm_restarts":
		c = &callbacks.CosineDecay{Epochs: s.Int("t_0"), Factor: s.Int("t_mult"), MinRate: s.Num("eta_min"), Restarts: true}
	case "polynomial":
		c = &callbacks.PolynomialDecay{Epochs: s.Int("steps"), Power: s.Num("power")}
	case "linear_warmup":
		c = &callbacks.Warmup{Epochs: s.Int("warmup")}
	case "one_cycle":
		c = &callbacks.OneCycle{MaxRate: s.Num("max_lr"), Epochs: s.Int("total_steps"), Rise: s.Num("pct_start"),
			Div: s.Num("div_factor"), FinalDiv: s.Num("final_div_factor"), Linear: s.Text("anneal") == "linear"}
	case "reduce_on_plateau":
		p := &callbacks.ReduceOnPlateau{Factor: s.Num("factor"), Patience: s.Int("patience"), MinDelta: s.Num("threshold_rel")}
		if p.Patience == 0 { // 0 means none in the file, and the default here
			p.Patience = -1
		}
		if p.MinDelta == 0 {
			p.MinDelta = math.SmallestNonzeroFloat64
		}
		c = p
	case "inverse_time_compounding":
		c = callbacks.TimeDecay{Decay: s.Num("decay")}
	default:
		t.Fatalf("got schedule %q, want another", g.Name)
	}
	if len(s) > 0 {
		t.Fatalf("got settings %v, which the test does not know", s)
	}
	return c, rate
}

// TestGolden compares the rate during each epoch with the golden files; those of short runs are by testdata/short.py.
func TestGolden(t *testing.T) {
	for _, g := range append(golden.Cases[goldenCase](t, "schedules.json"), golden.Own[goldenCase](t, "short.json")...) {
		t.Run(fmt.Sprintf("%s %v", g.Name, g.Config), func(t *testing.T) {
			c, rate := g.callback(t)
			s := script{rate: rate, logs: losses(make([]float64, len(g.Want))...)}
			if g.Metric != nil {
				s.logs = losses(g.Metric...)
			}
			for range 2 { // the second run must equal the first
				if err := s.play(c); err != nil {
					t.Fatal(err)
				}
				if !equal(s.rates, g.Want, 1e-10) {
					t.Errorf("got rates\n%v, want\n%v", s.rates, g.Want)
				}
			}
		})
	}
}
