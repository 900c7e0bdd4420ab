package callbacks_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

var twoEpochs = []graph.Logs{
	{"learning_rate": 1e-3, "train_loss": 1.0 / 3, "valid_loss": 2, "train_accuracy": 0.5, "norm": 7},
	{"learning_rate": 5e-4, "train_loss": math.NaN(), "valid_loss": math.Inf(1), "train_accuracy": 1},
}

const twoLines = `epoch,train_loss,train_accuracy,valid_loss,norm,learning_rate
1,0.3333333333333333,0.5,2,7,0.001
2,NaN,1,+Inf,,0.0005
`

func TestCSVLogFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.csv")
	log := &callbacks.CSVLog{Path: path}
	for range 2 { // the second run replaces the file
		s := script{logs: twoEpochs}
		if err := s.play(log); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != twoLines {
			t.Errorf("got file\n%s\nwant\n%s", got, twoLines)
		}
	}
}

// TestCSVLogGrows reads the file during training.
func TestCSVLogGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.csv")
	s := script{logs: twoEpochs}
	err := s.play(&callbacks.CSVLog{Path: path}, graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if got, _ := os.ReadFile(path); e == graph.EpochEnd && bytes.Count(got, []byte("\n")) != r.Epoch+1 {
			t.Errorf("epoch %d: got file\n%s", r.Epoch, got)
		}
		return nil
	}))
	if err != nil {
		t.Error(err)
	}
}

func TestCSVLogWriter(t *testing.T) {
	var b bytes.Buffer
	s := script{logs: twoEpochs}
	if err := s.play(&callbacks.CSVLog{Writer: &b}); err != nil {
		t.Fatal(err)
	}
	if b.String() != twoLines {
		t.Errorf("got\n%s\nwant\n%s", b.String(), twoLines)
	}
}

// full is a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestCSVLogErrors(t *testing.T) {
	var b bytes.Buffer
	for _, c := range []struct {
		why   string
		log   callbacks.CSVLog
		logs  []graph.Logs
		want  string
		steps int // steps before the error
	}{
		{"a missing folder", callbacks.CSVLog{Path: filepath.Join(t.TempDir(), "no", "log.csv")}, twoEpochs, "no such file", 0},
		{"nowhere to write", callbacks.CSVLog{}, twoEpochs, `callbacks: CSVLog: got Path "" and Writer <nil>, want one of them`, 0},
		{"two places to write", callbacks.CSVLog{Path: "log.csv", Writer: &b}, twoEpochs,
			`got Path "log.csv" and Writer *bytes.Buffer, want one of them`, 0},
		{"a full disk", callbacks.CSVLog{Writer: full{}}, twoEpochs, "callbacks: CSVLog: no space left", 1},
		{"a column that comes later", callbacks.CSVLog{Writer: &b}, []graph.Logs{{"train_loss": 1}, {"train_loss": 1, "f1": 0.5}},
			`callbacks: CSVLog: epoch 2: got the new log name "f1", want Path in place of Writer, or every log from the first epoch on`, 2},
		{"the name of the first column", callbacks.CSVLog{Writer: &b}, []graph.Logs{{"epoch": 1}},
			`callbacks: CSVLog: epoch 1: got the log name "epoch", want another`, 1},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{logs: c.logs}
			wantError(t, s.play(&c.log), c.want)
			if len(s.rates) != c.steps {
				t.Errorf("got %d steps, want %d", len(s.rates), c.steps)
			}
		})
	}
}
