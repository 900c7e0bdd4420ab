package program

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

const (
	longRun     = 30 * time.Millisecond // a program that takes longer has loops that are worth all workers,
	latePart    = 4                     // unless one part in so many is waiting for workers that other programs hold up
	trialRuns   = 5                     // runs whose median counts, after one that moves values between caches
	trialPart   = 100                   // a trial may cost one part in so many of all time,
	returnPart  = 20                    // or in so many for a long run that stays alone: what holds the workers up may be over soon
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
	several bool                 // there is more than one worker
	waited  func() time.Duration // Pool.Late
	alone   bool                 // the choice
	trial   int                  // runs left in which the other way is tried
	wait    time.Duration        // of runs until the next trial
	spent   time.Duration        // in this trial
	known   int                  // runs in usual
	usual   [trialRuns]time.Duration
	other   [trialRuns]time.Duration
	late    time.Duration // of the runs since the last look
}

// newWorkers returns the choice for programs with the environment's pool.
func newWorkers(e *ops.Env) workers {
	return workers{several: e.Pool.Workers() > 1, waited: e.Pool.Late}
}

// A start is the beginning of a run.
type start struct {
	at   time.Time
	late time.Duration // see waited
}

// begin returns whether the next run stays on the calling goroutine, and its beginning.
func (w *workers) begin() (alone bool, begin start) {
	if !w.several {
		return false, begin
	}
	if Alternate.Load() {
		w.alone, w.trial = !w.alone, 0
	}
	return w.alone != (w.trial > 0), start{time.Now(), w.waited()}
}

// end learns from a run with the given beginning.
func (w *workers) end(begin start) {
	if w.several {
		w.learn(time.Since(begin.at), w.waited()-begin.late)
	}
}

// learn learns from the time of a run, and from how long it waited for workers that were late.
func (w *workers) learn(d, late time.Duration) {
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
	w.late += late
	if w.known%trialRuns != 0 {
		return
	}
	if usual := median(w.usual); w.wait <= 0 {
		if w.wait = trialPeriod; w.alone || usual < longRun || w.late > trialRuns*usual/latePart {
			w.trial, w.spent = trialRuns+1, 0
		}
	}
	w.late = 0
}

// choose ends a trial.
func (w *workers) choose() {
	usual, other := median(w.usual), median(w.other)
	if float64(usual) > gain*float64(other) {
		w.alone, w.usual = !w.alone, w.other
	}
	part := time.Duration(trialPart)
	if w.alone && usual >= longRun {
		part = returnPart
	}
	w.wait = max(trialPeriod, part*(w.spent-(trialRuns+1)*usual))
}

func median(d [trialRuns]time.Duration) time.Duration {
	slices.Sort(d[:])
	return d[trialRuns/2]
}
