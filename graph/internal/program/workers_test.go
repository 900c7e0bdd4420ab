package program

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A machine of scripted speed takes the given times for a run by all workers and by one.
func TestWorkersChooseTheFasterWay(t *testing.T) {
	for _, c := range []struct {
		name            string
		together, alone time.Duration
		late            time.Duration // of a run of all workers
		want            bool          // alone
	}{
		{"the cores are far apart", 180 * time.Microsecond, 60 * time.Microsecond, 0, true},
		{"the cores are near", 60 * time.Microsecond, 90 * time.Microsecond, 0, false},
		{"alone is a little faster, which may be chance", 62 * time.Microsecond, 60 * time.Microsecond, 0, false},
		{"a long run is not tried", longRun, longRun / 2, longRun / 20, false},
		{"a long run whose workers are late", 3 * longRun, 2 * longRun, longRun, true},
		{"a long run whose workers are late, but alone it is slower", 3 * longRun, 4 * longRun, longRun, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w workers
			used, best := script(&w, max(time.Second, 2000*c.alone), c.together, c.alone, c.late)
			require.Equal(t, c.want, w.alone)
			most := 1.03
			if c.late > 0 && c.want {
				most += 1.0 / returnPart
			}
			require.Less(t, float64(used), most*float64(best), "time lost in trials")
		})
	}
	var w workers
	script(&w, time.Second, 180*time.Microsecond, 60*time.Microsecond, 0)
	require.True(t, w.alone)
	script(&w, time.Second, 40*time.Microsecond, 60*time.Microsecond, 0)
	require.False(t, w.alone, "the cores have come near")
	script(&w, time.Second, 180*time.Microsecond, 60*time.Microsecond, 0)
	require.True(t, w.alone, "and have parted again")
}

// script runs the choice for the given time. It returns the time that the runs take, and what they would take the chosen way.
func script(w *workers, limit, together, alone, late time.Duration) (used, best time.Duration) {
	for used < limit {
		d, l := together, late
		if w.alone != (w.trial > 0) {
			d, l = alone, 0
		}
		w.learn(d, l)
		used += d
		if best += together; w.alone {
			best += alone - together
		}
	}
	return used, best
}

func TestWorkersOfOne(t *testing.T) {
	var w workers
	for range 100 {
		alone, begin := w.begin()
		require.False(t, alone)
		w.end(begin)
	}
	require.Zero(t, w.known, "there is nothing to learn")
}
