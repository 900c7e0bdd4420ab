package callbacks

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RateFinder looks for a learning rate in a run of its own (the range test of Smith 2017, Cyclical Learning Rates for Training
// Neural Networks, section 3.3): step by step it raises the rate from Min to Max, each time by the same factor, and records the loss
// of the batch. It ends the run when the loss diverges. At the end of the run the model is what it was before it, with the
// optimizer's state and the counts of steps and epochs; an error that wraps graph.ErrDiverged is not one of Fit then. Other models
// over the same Params must not train meanwhile.
//
//	finder := &callbacks.RateFinder{}
//	_, err := model.Fit(ctx, train, graph.FitConfig{BatchSize: 64, MaxSteps: 100, Callbacks: []graph.Callback{finder}})
//	...
//	rate, err := finder.Suggestion()
//
// The sweep takes all steps of the run: MaxSteps, or those of its epochs, and at least 10. No other callback may change the rate,
// and no validation is needed.
type RateFinder struct {
	Min     float64 // the first rate; 0 means 1e-6
	Max     float64 // the last rate; 0 means 10
	Smooth  float64 // weight of the old mean in the moving average of the losses, below 1; 0 means 0.9
	Diverge float64 // the run ends at an average loss of this times the lowest, and above the first; 0 means 4

	points []RatePoint
	steps  int
	done   int     // steps, also those without a point
	mean   float64 // the moving average, without the correction for its start at 0
	best   float64 // the lowest Smooth
	before bytes.Buffer
}

// A RatePoint is a step of a RateFinder.
type RatePoint struct {
	Rate   float64
	Loss   float64 // of the step's batch, before the update
	Smooth float64 // the moving average of the losses up to this step
}

var _ graph.Callback = (*RateFinder)(nil)

// Handle implements graph.Callback.
func (f *RateFinder) Handle(r *graph.Run, e graph.Event) error {
	var err error
	switch e {
	case graph.TrainBegin:
		err = f.begin(r)
	case graph.StepBegin:
		r.Rate = f.rate(f.done)
	case graph.StepEnd:
		return f.add(r.StepLoss)
	case graph.TrainEnd:
		err = f.end(r)
	}
	if err != nil {
		return fmt.Errorf("callbacks: RateFinder: %w", err)
	}
	return nil
}

// begin checks the settings and keeps the model's state.
func (f *RateFinder) begin(r *graph.Run) error {
	f.points, f.steps, f.done, f.mean, f.best = nil, 0, 0, 0, math.Inf(1)
	f.before.Reset()
	low, high := f.limits()
	err := settings.Check(settings.AtLeast("Min", f.Min, 0), settings.AtLeast("Max", f.Max, 0), settings.HalfOpen("Smooth", f.Smooth, 0, 1),
		settings.AtLeast("Diverge", f.Diverge, 0))
	switch {
	case err != nil:
		return err
	case low >= high:
		return fmt.Errorf("Min: got %v with Max %v, want a smaller one", low, high)
	case f.Diverge != 0 && f.Diverge <= 1:
		return fmt.Errorf("Diverge: got %v, want more than 1, or 0 for 4", f.Diverge)
	case r.Resumed:
		return errors.New("got a run that resumes, want a run of its own")
	}
	f.steps = r.Config.Epochs * r.Steps
	if most := r.Config.MaxSteps; most > 0 && (f.steps == 0 || most < f.steps) {
		f.steps = most
	}
	if endless(r) && r.Config.MaxSteps == 0 {
		return errors.New("got a run that only MaxTime ends, want one whose steps are known: set FitConfig.MaxSteps, such as 100")
	}
	if f.steps < 10 {
		return fmt.Errorf("got a run of %d steps, want 10 or more: set FitConfig.MaxSteps, such as 100", f.steps)
	}
	return r.Model.Params().Save(&f.before)
}

func (f *RateFinder) limits() (low, high float64) {
	return settings.Or(f.Min, 1e-6), settings.Or(f.Max, 10)
}

// rate returns the rate of a step, counted from 0.
func (f *RateFinder) rate(step int) float64 {
	low, high := f.limits()
	return low * math.Pow(high/low, min(1, float64(step)/float64(f.steps-1)))
}

// add records a step, unless nothing in its batch counts. It returns graph.Stop after the last one, or if the loss diverges.
func (f *RateFinder) add(loss float64) error {
	rate := f.rate(f.done)
	f.done++
	if math.IsNaN(loss) {
		if f.done == f.steps {
			return graph.Stop
		}
		return nil
	}
	k := settings.Or(f.Smooth, 0.9)
	f.mean = k*f.mean + (1-k)*loss
	p := RatePoint{rate, loss, f.mean / (1 - math.Pow(k, float64(len(f.points)+1)))}
	f.points = append(f.points, p)
	f.best = min(f.best, p.Smooth)
	limit := max(f.points[0].Smooth, f.best+(settings.Or(f.Diverge, 4)-1)*math.Abs(f.best))
	if f.done == f.steps || p.Smooth > limit {
		return graph.Stop
	}
	return nil
}

// end sets the model back.
func (f *RateFinder) end(r *graph.Run) error {
	if f.before.Len() == 0 { // TrainBegin was an error
		return nil
	}
	err := r.Model.Params().Load(&f.before)
	f.before = bytes.Buffer{}
	if err == nil && errors.Is(r.Err, graph.ErrDiverged) {
		r.Err = nil
	}
	return err
}

// Points returns the steps of the last run, without those whose loss was not finite or over nothing, as of a batch of padding.
func (f *RateFinder) Points() []RatePoint { return f.points }

// Suggestion returns a rate to train with: where the loss falls fastest. Of all stretches of a fifth of the steps, before the lowest
// Smooth, it takes the one in which the losses, over the logarithm of the rate, have the steepest line of least squares, and returns
// the rate in its middle. That is well below the rate at which the loss is lowest, where training begins to be unstable. If the loss
// does not fall it returns an error.
func (f *RateFinder) Suggestion() (float64, error) {
	lowest := 0
	for i, p := range f.points {
		if p.Smooth < f.points[lowest].Smooth {
			lowest = i
		}
	}
	half := min(f.steps/10, lowest/2)
	at, steepest := -1, 0.0
	for i := half; half > 0 && i+half <= lowest; i++ {
		slope := 0.0
		for k := -half; k <= half; k++ {
			slope += float64(k) * f.points[i+k].Loss
		}
		if slope < steepest {
			at, steepest = i, slope
		}
	}
	if at < 0 {
		low, high := f.limits()
		return 0, fmt.Errorf("callbacks: RateFinder: got a loss that does not fall in %d steps at rates from %v to %v, want other rates or more steps",
			len(f.points), low, high)
	}
	return f.points[at].Rate, nil
}

// WriteCSV writes the points, a line each, after a line with the names of the columns.
func (f *RateFinder) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	lines := [][]string{{"rate", "loss", "smooth"}}
	for _, p := range f.points {
		var line []string
		for _, v := range []float64{p.Rate, p.Loss, p.Smooth} {
			line = append(line, strconv.FormatFloat(v, 'g', -1, 64))
		}
		lines = append(lines, line)
	}
	return c.WriteAll(lines)
}
