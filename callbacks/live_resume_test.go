package callbacks_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// An endless dataset does not say how long it is.
type endless struct{ graph.Dataset }

func (endless) Len() int { return -1 }

// TestLiveResume: after a resume from any checkpoint, the epochs before it are shown at the steps at which they ended, also if the model
// was trained before the run, the length of the data is not known, or no step is left.
func TestLiveResume(t *testing.T) {
	epoch := regexp.MustCompile(`"t":"epoch","run":1,"epoch":\d+,"step":[^,]+`)
	for _, c := range []struct {
		before  int // epochs of training before the run
		unknown bool
	}{{0, false}, {4, false}, {0, true}, {2, true}} {
		dir := t.TempDir()
		fit := func(resume string, most int) (shown []string) {
			m, l := plane(t, 2), quiet(t)
			var data graph.Dataset = circles(24)
			if c.before > 0 {
				_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: c.before, BatchSize: 8})
				require.NoError(t, err)
			}
			if c.unknown {
				data = endless{data}
			}
			save := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if resume == "" && most == 0 && (e == graph.EpochBegin || e == graph.StepEnd || e == graph.EpochEnd) {
					r.After(func() error { return r.SaveFile(filepath.Join(dir, fmt.Sprint(int(e), r.Epoch, r.Step))) })
				}
				return nil
			})
			_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 8, MaxSteps: most, Resume: resume,
				Callbacks: []graph.Callback{l, save}})
			require.NoError(t, err)
			return epoch.FindAllString(events(t, l, `"t":"end"`), -1)
		}
		var want []string
		for i := range 3 {
			want = append(want, fmt.Sprintf(`"t":"epoch","run":1,"epoch":%d,"step":%d`, i+1, 3*(c.before+i+1)))
		}
		require.Equal(t, want, fit("", 0))
		for e := 1; e <= 3; e++ {
			for _, at := range [][2]int{{int(graph.EpochBegin), 0}, {int(graph.StepEnd), 1}, {int(graph.StepEnd), 3}, {int(graph.EpochEnd), 3}} {
				path := filepath.Join(dir, fmt.Sprint(at[0], e, at[1]))
				require.FileExists(t, path)
				require.Equal(t, want, fit(path, 0), "%+v: %s", c, path)
				done := 3*(e-1) + at[1]
				if done > 0 && at[0] != int(graph.EpochEnd) {
					require.Equal(t, fit("", done), fit(path, done), "%+v: %s, no step left", c, path)
				}
			}
		}
	}
}
