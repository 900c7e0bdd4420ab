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
		want            bool // alone
	}{
		{"the cores are far apart", 180 * time.Microsecond, 60 * time.Microsecond, true},
		{"the cores are near", 60 * time.Microsecond, 90 * time.Microsecond, false},
		{"alone is a little faster, which may be chance", 62 * time.Microsecond, 60 * time.Microsecond, false},
		{"a long run is never tried", longRun, longRun / 2, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := workers{several: true}
			used, best := script(&w, time.Second, c.together, c.alone)
			require.Equal(t, c.want, w.alone)
			require.Less(t, float64(used), 1.03*float64(best), "time lost in trials")
		})
	}
	w := workers{several: true}
	script(&w, time.Second, 180*time.Microsecond, 60*time.Microsecond)
	require.True(t, w.alone)
	script(&w, time.Second, 40*time.Microsecond, 60*time.Microsecond)
	require.False(t, w.alone, "the cores have come near")
	script(&w, time.Second, 180*time.Microsecond, 60*time.Microsecond)
	require.True(t, w.alone, "and have parted again")
}

// script runs the choice for the given time. It returns the time that the runs take, and what they would take the chosen way.
func script(w *workers, limit, together, alone time.Duration) (used, best time.Duration) {
	for used < limit {
		d := together
		if one, _ := w.begin(); one {
			d = alone
		}
		w.learn(d)
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
