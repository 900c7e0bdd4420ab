package program

import (
	"slices"
	"sync/atomic"
	"time"
)

const (
	longRun     = 30 * time.Millisecond // a program that takes longer has loops that are worth all workers
	trialRuns   = 5                     // runs whose median counts, after one that moves values between caches
	trialPart   = 100                   // a trial may cost one part in so many of all time
	trialPeriod = 20 * time.Millisecond // between two trials, at least
	gain        = 1.05                  // how many times as fast the other way must be
)

// Alternate makes every other run stay on the calling goroutine. It is for tests.
var Alternate atomic.Bool

// The type workers chooses whether the runs of a program divide their loops among the workers of a pool or stay on the calling
// goroutine. For short loops that depends on things that change: how far apart the cores are (a cache line takes 50 to 800 ns from one
// to another on virtual machines), how busy they are, and whether the workers have to be woken. So it measures both ways now and then.
// The results of a run do not depend on the choice.
type workers struct {
	several bool          // there is more than one worker
	alone   bool          // the choice
	trial   int           // runs left in which the other way is tried
	wait    time.Duration // of runs until the next trial
	spent   time.Duration // in this trial
	known   int           // runs in usual
	usual   [trialRuns]time.Duration
	other   [trialRuns]time.Duration
}

// begin returns whether the next run stays on the calling goroutine, and when it begins.
func (w *workers) begin() (alone bool, begin time.Time) {
	if !w.several {
		return false, begin
	}
	if Alternate.Load() {
		w.alone, w.trial = !w.alone, 0
	}
	return w.alone != (w.trial > 0), time.Now()
}

// end learns from a run that began at the given time.
func (w *workers) end(begin time.Time) {
	if w.several {
		w.learn(time.Since(begin))
	}
}

// learn learns from the time of a run.
func (w *workers) learn(d time.Duration) {
	if w.trial > 0 {
		w.trial--
		w.spent += d
		if w.trial < trialRuns {
			w.other[w.trial] = d
		}
		if w.trial == 0 {
			w.choose()
		}
		return
	}
	w.usual[w.known%trialRuns] = d
	w.known++
	w.wait -= d
	if w.wait <= 0 && w.known >= trialRuns {
		if w.wait = trialPeriod; w.alone || median(w.usual) < longRun {
			w.trial, w.spent = trialRuns+1, 0
		}
	}
}

// choose ends a trial.
func (w *workers) choose() {
	usual, other := median(w.usual), median(w.other)
	if float64(usual) > gain*float64(other) {
		w.alone, w.usual = !w.alone, w.other
	}
	w.wait = max(trialPeriod, trialPart*(w.spent-(trialRuns+1)*usual))
}

func median(d [trialRuns]time.Duration) time.Duration {
	slices.Sort(d[:])
	return d[trialRuns/2]
}
