package callbacks

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/nndiy/nndiy/graph"
)

// JSONL writes a line for each epoch, a JSON object of the epoch, the steps since the model was compiled, and every log value
// in full precision:
//
//	{"epoch":1,"step":375,"train_loss":0.3333333333333333,"valid_loss":"NaN","learning_rate":0.001}
//
// JSON has no number that is not finite: "NaN", "Infinity" and "-Infinity" are text, as in protobuf's JSON and Python's float.
// Each line is written out whole as its epoch ends.
type JSONL struct {
	Path   string    // file to write; it is opened before the first epoch. When training resumes, lines written after the checkpoint go
	Append bool      // go on at the file's end, not anew for each training; half a line that a crash left there goes
	Writer io.Writer // where to write if there is no Path; it is not closed

	file *os.File
	out  io.Writer
	size int64 // of the file after the last line
	cut  bool  // the file is to be cut to that, since training goes on from a checkpoint
}

var _ graph.Stateful = (*JSONL)(nil)

// Handle implements graph.Callback.
func (j *JSONL) Handle(r *graph.Run, e graph.Event) error {
	var err error
	switch e {
	case graph.TrainBegin:
		err = j.open(r.Resumed)
	case graph.EpochEnd:
		err = j.write(r)
	case graph.TrainEnd:
		err = j.close()
	}
	if err != nil {
		return fmt.Errorf("callbacks: JSONL: %w", err)
	}
	return nil
}

func (j *JSONL) open(resumed bool) (err error) {
	j.file, j.out, j.cut = nil, j.Writer, resumed
	switch {
	case (j.Path == "") == (j.Writer == nil):
		return fmt.Errorf("got Path %q and Writer %T, want one of them", j.Path, j.Writer)
	case j.Path == "":
		return nil
	case j.Append || resumed:
		j.file, err = openLines(j.Path)
	default:
		j.file, err = os.Create(j.Path)
	}
	if err == nil {
		j.size, err = j.file.Seek(0, io.SeekCurrent)
	}
	j.out = j.file
	return err
}

func (j *JSONL) write(r *graph.Run) error {
	line := append([]byte(`{"epoch":`), strconv.Itoa(r.Epoch)...)
	line = append(append(line, `,"step":`...), strconv.Itoa(r.Total)...)
	for _, name := range columns(r.Logs) {
		if slices.Contains([]string{"epoch", "step"}, name) {
			return fmt.Errorf("epoch %d: got the log name %q, want another: each line has that key already", r.Epoch, name)
		}
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		line = append(append(append(line, ','), key...), ':')
		line = appendNumber(line, r.Logs[name])
	}
	if j.cut && j.file != nil {
		if err := cutTo(j.file, j.size); err != nil {
			return err
		}
	}
	j.cut = false
	n, err := j.out.Write(append(line, "}\n"...))
	j.size += int64(n)
	return err
}

// appendNumber appends a number, or the text that stands for it in JSON.
func appendNumber(line []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(line, `"NaN"`...)
	case math.IsInf(v, 1):
		return append(line, `"Infinity"`...)
	case math.IsInf(v, -1):
		return append(line, `"-Infinity"`...)
	}
	return strconv.AppendFloat(line, v, 'g', -1, 64)
}

// close closes the file, also when it is called again, or when training has ended before it began.
func (j *JSONL) close() error {
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	return file.Close()
}

// State implements graph.Stateful.
func (j *JSONL) State() graph.State { return graph.State{"size": &j.size} }
