package callbacks

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
)

// A tick is an epoch, or a step if perStep. At an event before a tick, ticks returns the number of ticks done and the number
// of ticks per epoch; at other events ok is false.
//
// The end of an epoch's last step is not such an event: the next epoch begins first, and until then the rate must stay.
func ticks(r *graph.Run, e graph.Event, perStep bool) (done, perEpoch int, ok bool) {
	switch {
	case e == graph.EpochBegin && !perStep:
		return r.Epoch - 1, 1, true
	case e == graph.EpochBegin || e == graph.StepEnd && perStep && r.Step < r.Steps:
		perEpoch = r.Steps
		return (r.Epoch-1)*perEpoch + r.Step, perEpoch, true
	}
	return 0, 0, false
}

// endless reports whether the number of epochs of a run is not known: only its time ends it, or its steps for data of unknown length.
func endless(r *graph.Run) bool {
	return r.Config.Epochs == math.MaxInt32 && (r.Config.MaxTime > 0 || r.Config.MaxSteps > 0)
}

// checkLength returns err, or an error if a schedule is as long as the run, and that is not known. Its rate would hardly change.
func checkLength(schedule string, r *graph.Run, epochs int, err error) error {
	if err == nil && epochs == 0 && endless(r) {
		return fmt.Errorf("callbacks: %s: Epochs: got 0 for all epochs of a run whose number of them is not known, want 1 or more, or FitConfig.Epochs",
			schedule)
	}
	return err
}

// checkTicks returns err, or an error if ticks are steps and the data do not say how many steps an epoch has.
func checkTicks(schedule string, r *graph.Run, perStep bool, err error) error {
	if err == nil && perStep && r.Steps == 0 {
		return fmt.Errorf("callbacks: %s: PerStep: got data of unknown length, want a Dataset whose Len is known", schedule)
	}
	return err
}

// warmup returns the rate after done ticks of a linear warm-up to top that takes n ticks.
func warmup(top float64, done, n int) float64 { return top * float64(done+1) / float64(n) }
