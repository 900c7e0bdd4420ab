package callbacks_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

const twoObjects = `{"epoch":1,"step":1,"train_loss":0.3333333333333333,"train_accuracy":0.5,"valid_loss":2,"norm":7,"learning_rate":0.001}
{"epoch":2,"step":2,"train_loss":"NaN","train_accuracy":1,"valid_loss":"Infinity","learning_rate":0.0005}
`

// TestJSONLFile appends to a file, or replaces it, and reads it after each epoch.
func TestJSONLFile(t *testing.T) {
	for _, c := range []struct {
		why     string
		before  string // content of the file
		appends bool
		want    string // content before the two new lines
	}{
		{"replaced", "old\n", false, ""},
		{"no file", "", true, ""},
		{"after a line", "{\"epoch\":1}\n", true, "{\"epoch\":1}\n"},
		{"after a line without a line break", `{"epoch":1}`, true, "{\"epoch\":1}\n"},
		{"after half a line", "{\"epoch\":1}\n{\"epoch\":2,\"tr", true, "{\"epoch\":1}\n"},
		{"after half a line and nothing else", "{\"epo", true, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log.jsonl")
			if c.before != "" {
				if err := os.WriteFile(path, []byte(c.before), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			s := script{logs: twoEpochs}
			err := s.play(&callbacks.JSONL{Path: path, Append: c.appends}, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				got, _ := os.ReadFile(path)
				if n := bytes.Count(got, []byte("\n")) - strings.Count(c.want, "\n"); e == graph.EpochEnd && n != r.Epoch {
					t.Errorf("epoch %d: got file\n%s", r.Epoch, got)
				}
				return nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || string(got) != c.want+twoObjects {
				t.Errorf("got file\n%s\nwant\n%s", got, c.want+twoObjects)
			}
		})
	}
}

// TestJSONLNames logs a name that needs escapes: the line is JSON.
func TestJSONLNames(t *testing.T) {
	var b bytes.Buffer
	s := script{logs: []graph.Logs{{"train_loss": -1e-300, "a \"quoted\"\nname": 1e21}}}
	if err := s.play(&callbacks.JSONL{Writer: &b}); err != nil {
		t.Fatal(err)
	}
	var line map[string]float64
	if err := json.Unmarshal(b.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if len(line) != 4 || line["train_loss"] != -1e-300 || line["a \"quoted\"\nname"] != 1e21 || line["epoch"] != 1 {
		t.Errorf("got %v", line)
	}
}

func TestJSONLErrors(t *testing.T) {
	long := filepath.Join(t.TempDir(), "long.jsonl")
	if err := os.WriteFile(long, bytes.Repeat([]byte{'1'}, 1<<20), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why  string
		log  callbacks.JSONL
		logs graph.Logs
		want string
	}{
		{"a missing folder", callbacks.JSONL{Path: filepath.Join(t.TempDir(), "no", "log")}, nil, "no such file"},
		{"a missing folder to append in", callbacks.JSONL{Path: filepath.Join(t.TempDir(), "no", "log"), Append: true}, nil, "no such file"},
		{"a file without line breaks", callbacks.JSONL{Path: long, Append: true}, nil,
			"callbacks: JSONL: " + long + ": got no line break in the last 1048576 bytes"},
		{"nowhere to write", callbacks.JSONL{}, nil, `callbacks: JSONL: got Path "" and Writer <nil>, want one of them`},
		{"a full disk", callbacks.JSONL{Writer: full{}}, nil, "callbacks: JSONL: no space left"},
		{"a name of its own", callbacks.JSONL{Writer: new(bytes.Buffer)}, graph.Logs{"step": 1},
			`callbacks: JSONL: epoch 1: got the log name "step", want another`},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{logs: []graph.Logs{c.logs}}
			wantError(t, s.play(&c.log), c.want)
		})
	}
}
