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

// TestJSONLFile writes after what is there, or anew, while the file is read.
func TestJSONLFile(t *testing.T) {
	for _, c := range []struct {
		why     string
		there   string
		appends bool
		want    string // before the two lines
	}{
		{"anew", "old\n", false, ""},
		{"no file", "", true, ""},
		{"after a line", "{\"epoch\":1}\n", true, "{\"epoch\":1}\n"},
		{"after a line without its break", `{"epoch":1}`, true, "{\"epoch\":1}\n"},
		{"after half a line", "{\"epoch\":1}\n{\"epoch\":2,\"tr", true, "{\"epoch\":1}\n"},
		{"after half a line alone", "{\"epo", true, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log.jsonl")
			if c.there != "" {
				if err := os.WriteFile(path, []byte(c.there), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			s := script{logs: twoEpochs}
			err := s.play(&callbacks.JSONL{Path: path, Append: c.appends}, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				got, _ := os.ReadFile(path)
				if n := bytes.Count(got, []byte("\n")) - strings.Count(c.want, "\n"); e == graph.EpochEnd && n != r.Epoch {
					t.Errorf("after epoch %d the file is\n%s", r.Epoch, got)
				}
				return nil
			}))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || string(got) != c.want+twoObjects {
				t.Errorf("file is\n%s\nwant\n%s", got, c.want+twoObjects)
			}
		})
	}
}

// TestJSONLNames: a name that needs escapes, and every line is JSON.
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
		log  callbacks.JSONL
		logs graph.Logs
		want string
	}{
		{callbacks.JSONL{Path: filepath.Join(t.TempDir(), "no", "log")}, nil, "no such file"},
		{callbacks.JSONL{Path: filepath.Join(t.TempDir(), "no", "log"), Append: true}, nil, "no such file"},
		{callbacks.JSONL{Path: long, Append: true}, nil, "callbacks: JSONL: " + long + ": got no line break in the last 1048576 bytes"},
		{callbacks.JSONL{}, nil, `callbacks: JSONL: got Path "" and Writer <nil>, want one of them`},
		{callbacks.JSONL{Writer: full{}}, nil, "callbacks: JSONL: no space left"},
		{callbacks.JSONL{Writer: new(bytes.Buffer)}, graph.Logs{"step": 1}, `callbacks: JSONL: epoch 1: got the log name "step", want another`},
	} {
		s := script{logs: []graph.Logs{c.logs}}
		wantError(t, s.play(&c.log), c.want)
	}
}
