package callbacks_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestLogsResumed: a training that is cancelled within its seventh epoch and goes on from the checkpoint of the fourth leaves
// the same logs as one without a break, and callbacks within a Tee have their state.
func TestLogsResumed(t *testing.T) {
	logs := func(dir string, cancelled bool) (csv, lines []byte, best int) {
		path := func(name string) string { return filepath.Join(dir, name) }
		for {
			stopping := &callbacks.EarlyStopping{Patience: 6, Monitor: "train_loss", Maximize: true} // it falls
			ctx, cancel := context.WithCancel(context.Background())
			err := stepping(t, ctx, graph.FitConfig{Epochs: 20, Resume: path("checkpoint"), Callbacks: []graph.Callback{
				callbacks.Tee{&callbacks.CSVLog{Path: path("csv")}, callbacks.Tee{stopping, &callbacks.JSONL{Path: path("lines"), Append: true}}},
				&callbacks.Checkpoint{Path: path("checkpoint"), Every: 4},
				graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if cancelled && r.Epoch == 7 && e == graph.StepEnd {
						cancel()
					}
					return nil
				}),
			}})
			cancel()
			if !cancelled {
				if err != nil {
					t.Fatal(err)
				}
				csv, _ = os.ReadFile(path("csv"))
				lines, _ = os.ReadFile(path("lines"))
				return csv, lines, stopping.BestEpoch
			}
			cancelled = false
		}
	}
	csv, lines, best := logs(t.TempDir(), false)
	csv2, lines2, best2 := logs(t.TempDir(), true)
	if !bytes.Equal(csv, csv2) || !bytes.Equal(lines, lines2) || best != best2 || bytes.Count(lines, []byte("\n")) != 7 {
		t.Errorf("got\n%s%s, best %d, want\n%s%s, best %d", csv2, lines2, best2, csv, lines, best)
	}
}
