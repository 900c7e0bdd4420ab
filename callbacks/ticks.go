package callbacks

import "github.com/nndiy/nndiy/graph"

// ticks returns where a schedule is as an epoch, or a step if perStep, is about to begin: how many have ended, and how many
// make an epoch. Its ok is false for an event before which none begins.
//
// No step begins after the last one of an epoch: the next epoch begins first, so the rate stays the one in force up to there.
func ticks(r *graph.Run, e graph.Event, perStep bool) (done, perEpoch int, ok bool) {
	switch {
	case e == graph.EpochBegin && !perStep:
		return r.Epoch - 1, 1, true
	case e == graph.EpochBegin || e == graph.StepEnd && perStep && r.Step < r.Steps:
		perEpoch = max(r.Steps, 1)
		return (r.Epoch-1)*perEpoch + r.Step, perEpoch, true
	}
	return 0, 0, false
}

// warmup returns the rate of a linear warm-up to top over n ticks, after done of them.
func warmup(top float64, done, n int) float64 { return top * float64(done+1) / float64(n) }
