package callbacks_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestLogsGrow has log names that appear and disappear, also by a callback after the log: a CSV file gets a column, and equals
// that of a run that resumed after any epoch; a file of JSON lines and an event file have what there was.
func TestLogsGrow(t *testing.T) {
	const gone = 100 // epochs after the last
	for _, c := range []struct {
		why   string
		names map[string][2]int // epochs from and to
		late  string            // a name that a later callback adds
		csv   string
		json  []string // keys of each epoch after epoch and step
	}{
		{"from epoch 5", map[string][2]int{"valid_f1": {5, gone}}, "", `epoch,train_loss,valid_f1,learning_rate
1,1,,0.5
2,1,,0.5
3,1,,0.5
4,1,,0.5
5,1,5,0.5
6,1,6,0.5
`, []string{"", "", "", "", "valid_f1", "valid_f1"}},
		{"one after the other, and gone again", map[string][2]int{"norm": {2, 3}, "train_f1": {3, 4}, "valid_loss": {6, gone}}, "",
			`epoch,train_loss,train_f1,valid_loss,norm,learning_rate
1,1,,,,0.5
2,1,,,2,0.5
3,1,3,,3,0.5
4,1,4,,,0.5
5,1,,,,0.5
6,1,,6,,0.5
`, []string{"", "norm", "train_f1 norm", "train_f1", "", "valid_loss"}},
		{"only in the first", map[string][2]int{"norm": {1, 1}}, "", `epoch,train_loss,norm,learning_rate
1,1,1,0.5
2,1,,0.5
3,1,,0.5
4,1,,0.5
5,1,,0.5
6,1,,0.5
`, []string{"norm", "", "", "", "", ""}},
		{"a name that needs quotes", map[string][2]int{"a \"b\", c": {6, gone}}, "", `epoch,train_loss,"a ""b"", c",learning_rate
1,1,,0.5
2,1,,0.5
3,1,,0.5
4,1,,0.5
5,1,,0.5
6,1,6,0.5
`, nil},
		{"by a later callback", map[string][2]int{"early": {2, gone}, "late": {3, 5}}, "late", `epoch,train_loss,early,late,learning_rate
1,1,,,0.5
2,1,2,,0.5
3,1,3,3,0.5
4,1,4,4,0.5
5,1,5,5,0.5
6,1,6,,0.5
`, []string{"", "early", "early", "early", "early", "early"}},
		{"by a later callback in the last epoch", map[string][2]int{"late": {6, 6}}, "late", `epoch,train_loss,late,learning_rate
1,1,,0.5
2,1,,0.5
3,1,,0.5
4,1,,0.5
5,1,,0.5
6,1,6,0.5
`, nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			add := func(late bool) graph.Callback {
				return graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					for name, from := range c.names {
						if e == graph.EpochEnd && (name == c.late) == late && r.Epoch >= from[0] && r.Epoch <= from[1] {
							r.Logs[name] = float64(r.Epoch)
						}
					}
					return nil
				})
			}
			dir := t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name) }
			log, lines, board := &callbacks.CSVLog{Path: path("csv")}, &callbacks.JSONL{Path: path("json")}, &callbacks.TensorBoard{Dir: path("board")}
			check := func() {
				t.Helper()
				if got, err := os.ReadFile(path("csv")); err != nil || string(got) != c.csv {
					t.Errorf("got file\n%s\nwant\n%s\n%v", got, c.csv, err)
				}
				if got := names(t, dir); len(got) != 3 {
					t.Errorf("got the files %v, want no other", got)
				}
			}
			s := script{logs: growing(6)}
			if err := s.play(add(false), log, lines, board, add(true)); err != nil {
				t.Fatal(err)
			}
			check()
			if c.json != nil {
				checkKeys(t, path("json"), c.json)
				checkTags(t, path("board"), c.json)
			}
			whole := s.run.History.Logs
			for after := 1; after <= 6; after++ { // resumed
				s := script{logs: growing(6)}
				s.from, s.run.Resumed, s.run.History.Logs = after, true, slices.Clone(whole[:after])
				if err := s.play(add(false), log, add(true)); err != nil {
					t.Fatal(err)
				}
				check()
			}
		})
	}
}

// growing returns the logs of epochs, to which callbacks add.
func growing(epochs int) []graph.Logs {
	logs := losses(make([]float64, epochs)...)
	for _, l := range logs {
		l["train_loss"], l["learning_rate"] = 1, 0.5
	}
	return logs
}

// checkKeys compares the keys of each line of JSON with lists that leave out the usual ones.
func checkKeys(t *testing.T, path string, want []string) {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(file)), "\n") {
		var object map[string]float64
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		names := append(strings.Fields(want[i]), "epoch", "step", "train_loss", "learning_rate")
		if slices.Sort(names); !slices.Equal(names, slices.Sorted(maps.Keys(object))) {
			t.Errorf("line %d: got %s, want the keys %v", i+1, line, names)
		}
	}
}

// checkTags compares the tags of each epoch in the event files.
func checkTags(t *testing.T, dir string, want []string) {
	t.Helper()
	tags := make([][]string, len(want))
	for _, line := range lines(eventFiles(t, dir)[0]) {
		fields := strings.Fields(line)
		epoch, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		tags[epoch-1] = append(tags[epoch-1], fields[1])
	}
	for i, got := range tags {
		names := append(strings.Fields(want[i]), "train_loss", "learning_rate")
		slices.Sort(names)
		if slices.Sort(got); !slices.Equal(got, names) {
			t.Errorf("epoch %d: got the tags %v, want %v", i+1, got, names)
		}
	}
}
