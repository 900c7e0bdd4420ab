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

// JSONL writes a line at the end of each epoch: a JSON object with the epoch, the number of steps since the model was compiled,
// and every log value in full precision:
//
//	{"epoch":1,"step":375,"train_loss":0.3333333333333333,"valid_loss":"NaN","learning_rate":0.001}
//
// JSON has only finite numbers, so "NaN", "Infinity" and "-Infinity" are strings, as in protobuf's JSON; Python's float and
// JavaScript's Number read them. A line has the values of its epoch, whatever names the other lines have. When training resumes,
// the lines written after the checkpoint are removed from the file.
type JSONL struct {
	Path   string    // file to write; each run replaces it, at TrainBegin
	Append bool      // append to the file instead; an incomplete last line, left by a crash, is removed
	Writer io.Writer // where to write instead of Path; it is not closed

	file *os.File
	out  io.Writer
	size int64 // of the file after the last line
	cut  bool  // the next write truncates the file to size, since training has resumed
}

var _ graph.Stateful = (*JSONL)(nil)

// Handle implements graph.Callback.
func (j *JSONL) Handle(r *graph.Run, e graph.Event) error {
	if r.Rank > 0 { // rank 0 of FitConfig.Group writes
		return nil
	}
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
		if j.file, err = openLines(j.Path); err == nil {
			j.size, err = j.file.Seek(0, io.SeekCurrent)
		}
	default:
		j.file, err = os.Create(j.Path) // may be a pipe, as /dev/stdout
		j.size = 0
	}
	j.out = j.file
	return err
}

func (j *JSONL) write(r *graph.Run) (err error) {
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
		if j.size, err = j.file.Seek(0, io.SeekCurrent); err != nil { // less if lines of the checkpoint are lost
			return err
		}
	}
	j.cut = false
	n, err := j.out.Write(append(line, "}\n"...))
	j.size += int64(n)
	return err
}

// appendNumber appends a number in JSON, or a string if it is not finite.
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

// close closes the file if it is open.
func (j *JSONL) close() error {
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	return file.Close()
}

// State implements graph.Stateful.
func (j *JSONL) State() graph.Saved { return graph.Saved{"size": &j.size} }
