package callbacks_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestLogsResumed cancels a run within its seventh epoch and resumes it from the checkpoint of the fourth. It must write the
// same logs as a run without a break, and callbacks within a Tee must get their state back.
func TestLogsResumed(t *testing.T) {
	logs := func(dir string, cancelled bool) (csv, jsonl []byte, board []string, best int) {
		path := func(name string) string { return filepath.Join(dir, name) }
		for {
			stopping := &callbacks.EarlyStopping{Patience: 6, Monitor: "falls", Maximize: true}
			ctx, cancel := context.WithCancel(context.Background())
			err := stepping(t, ctx, graph.FitConfig{Epochs: 20, Resume: path("checkpoint"), Callbacks: []graph.Callback{
				graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.EpochEnd {
						r.Logs["falls"] = r.Logs["train_loss"]
					}
					return nil
				}),
				&callbacks.GradientNorms{Every: 3},
				callbacks.Tee{&callbacks.CSVLog{Path: path("csv")}, callbacks.Tee{stopping, &callbacks.JSONL{Path: path("lines"), Append: true}}},
				&callbacks.TensorBoard{Dir: path("board"), StepEvery: 1, HistogramsEvery: 2},
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
				jsonl, _ = os.ReadFile(path("lines"))
				files := eventFiles(t, path("board"))
				if len(files) != 1 {
					t.Fatalf("got %d event files, want one", len(files))
				}
				return csv, jsonl, lines(files[0]), stopping.BestEpoch
			}
			cancelled = false
		}
	}
	csv, jsonl, board, best := logs(t.TempDir(), false)
	csv2, jsonl2, board2, best2 := logs(t.TempDir(), true)
	if !bytes.Equal(csv, csv2) || !bytes.Equal(jsonl, jsonl2) || best != best2 || bytes.Count(jsonl, []byte("\n")) != 7 {
		t.Errorf("got\n%s%s, best %d, want\n%s%s, best %d", csv2, jsonl2, best2, csv, jsonl, best)
	}
	if !slices.Equal(board, board2) || len(board) < 7 {
		t.Errorf("got the events\n%q, want\n%q", board2, board)
	}
}
