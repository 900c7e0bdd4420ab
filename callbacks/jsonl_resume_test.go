package callbacks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestJSONLLost: a run is killed in its 4th and 6th epoch and resumes from the checkpoints of the 2nd and 4th. If lines of the file are
// lost before the first resume, the file has each later epoch once.
func TestJSONLLost(t *testing.T) {
	for _, c := range []struct {
		why         string
		lines, more int // that are left, and bytes of the next one; -1 lines for no file
		want        []int
	}{
		{"nothing is lost", 3, 0, []int{1, 2, 3, 4, 5, 6, 7, 8}},
		{"the lines after the checkpoint", 2, 0, []int{1, 2, 3, 4, 5, 6, 7, 8}},
		{"half a line before it", 1, 20, []int{1, 3, 4, 5, 6, 7, 8}},
		{"all lines", 0, 0, []int{3, 4, 5, 6, 7, 8}},
		{"the file", -1, 0, []int{3, 4, 5, 6, 7, 8}},
	} {
		t.Run(c.why, func(t *testing.T) {
			dir := t.TempDir()
			log, checkpoint := filepath.Join(dir, "log"), filepath.Join(dir, "checkpoint")
			killed := errors.New("killed")
			for _, kill := range []int{4, 6, 0} {
				err := stepping(t, context.Background(), graph.FitConfig{Epochs: 8, Resume: checkpoint, Callbacks: []graph.Callback{
					&callbacks.JSONL{Path: log}, &callbacks.Checkpoint{Path: checkpoint, Every: 2},
					graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
						if r.Epoch == kill && e == graph.StepEnd {
							return killed
						}
						return nil
					}),
				}})
				if (err == nil) != (kill == 0) {
					t.Fatal(err)
				}
				if kill != 4 {
					continue
				}
				file, err := os.ReadFile(log)
				if err != nil {
					t.Fatal(err)
				}
				lines := bytes.SplitAfter(file, []byte("\n")) // the last is empty
				if err = os.Remove(log); err == nil && c.lines >= 0 {
					left := bytes.Join(lines[:c.lines], nil)
					err = os.WriteFile(log, append(left, lines[c.lines][:c.more]...), 0o666)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			file, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for line := range bytes.Lines(file) {
				var object struct{ Epoch int }
				if err := json.Unmarshal(line, &object); err != nil {
					t.Errorf("got the line %q: %v", line, err)
				}
				got = append(got, object.Epoch)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got the epochs %v, want %v", got, c.want)
			}
		})
	}
}
