package callbacks

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// A clock moves only by advance.
type clock time.Time

func (c *clock) now() time.Time          { return time.Time(*c) }
func (c *clock) advance(d time.Duration) { *c = clock(c.now().Add(d)) }

// writes counts the writes to a buffer.
type writes struct {
	bytes.Buffer
	n int
}

func (w *writes) Write(b []byte) (int, error) { w.n++; return w.Buffer.Write(b) }

// train sends the events of a run of 2 epochs with 4 steps of 100 samples. Each step takes the given time. If broken, the run
// ends within the second epoch.
func train(t *testing.T, p *Progress, step time.Duration, broken bool) {
	t.Helper()
	c := clock(time.Unix(1e9, 0))
	p.now = c.now
	r := &graph.Run{Config: graph.FitConfig{Epochs: 10}, Steps: 4, Size: 400}
	send := func(e graph.Event) {
		if err := p.Handle(r, e); err != nil {
			t.Error(err)
		}
	}
	send(graph.TrainBegin)
	for r.Epoch = 1; r.Epoch <= 2; r.Epoch++ {
		r.Step, r.Samples = 0, 0
		send(graph.EpochBegin)
		for r.Step = 1; r.Step <= r.Steps && !(broken && r.Epoch == 2 && r.Step == 3); r.Step++ {
			c.advance(step)
			r.Samples += 100
			r.Loss = 1 / float64(r.Step)
			send(graph.StepEnd)
		}
		if r.Step <= r.Steps {
			r.Err = errors.New("cancelled")
			break
		}
		c.advance(2 * step) // validation
		r.Logs = graph.Logs{"valid_loss": 12345.678, "valid_accuracy": 0.5, "train_loss": 0.25, "learning_rate": 1e-3, "tiny": 1e-9,
			"large": 3e7, "none": 0}
		send(graph.EpochEnd)
	}
	send(graph.TrainEnd)
}

const lines = `epoch  1/10  12.0s  50 samples/s  train_loss 0.2500  valid_loss 12345.6780  valid_accuracy 0.5000  large 3.000e+07  none 0.0000  tiny 1.000e-09  learning_rate 1.000e-03
epoch  2/10  12.0s  50 samples/s  train_loss 0.2500  valid_loss 12345.6780  valid_accuracy 0.5000  large 3.000e+07  none 0.0000  tiny 1.000e-09  learning_rate 1.000e-03
`

func TestProgressInFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.txt")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := &Progress{Writer: f}
	train(t, p, 2*time.Second, false)
	train(t, p, 2*time.Second, true)
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(lines, "\n")
	if want := lines + first + "\n"; string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func onTerminal(io.Writer) bool { return true }

// wide is the width of a terminal on which every line of a test fits.
func wide(io.Writer) int { return 300 }

// screen returns the final content of a terminal: after a carriage return, characters overwrite the line.
func screen(out string) string {
	var shown []string
	for line := range strings.SplitSeq(out, "\n") {
		var cells []rune
		for part := range strings.SplitSeq(line, "\r") {
			over := []rune(part)
			if len(over) < len(cells) {
				over = append(over, cells[len(over):]...)
			}
			cells = over
		}
		shown = append(shown, strings.TrimRight(string(cells), " "))
	}
	return strings.Join(shown, "\n")
}

func TestProgressOnTerminal(t *testing.T) {
	for _, broken := range []bool{false, true} {
		var w writes
		train(t, &Progress{Writer: &w, terminal: onTerminal, width: wide}, 2*time.Second, broken)
		out := w.String()
		for _, want := range []string{"epoch  1/10    0% |                        |  0/400", "epoch  1/10  loss 1.0000   25% |██████                  |  100/400  50 samples/s  6s left",
			"loss 0.5000   50% |████████████            |  200/400"} {
			if !strings.Contains(out, want) {
				t.Errorf("got %[2]q, want %[1]q in it", want, out)
			}
		}
		want := lines
		if broken {
			first, _, _ := strings.Cut(lines, "\n")
			want = first + "\n"
		}
		if got := screen(out); got != want {
			t.Errorf("got the screen\n%s\nwant\n%s", got, want)
		}
		if strings.Contains(out, "\x1b") {
			t.Errorf("got %q, want no escape sequences", out)
		}
	}
}

// TestProgressIsThrottled has steps of a microsecond: the bar is drawn once, and two lines are written.
func TestProgressIsThrottled(t *testing.T) {
	var w writes
	train(t, &Progress{Writer: &w, terminal: onTerminal}, time.Microsecond, false)
	if n := strings.Count(w.String(), "/400"); n != 1 {
		t.Errorf("got the bar %d times, want once: %q", n, w.String())
	}
	var f writes
	train(t, &Progress{Writer: &f}, time.Microsecond, false)
	if f.n != 2 {
		t.Errorf("got %d writes, want one for each epoch", f.n)
	}
}

// TestProgressStepsAreFree counts the allocations of a step without a terminal.
func TestProgressStepsAreFree(t *testing.T) {
	p := &Progress{Writer: io.Discard}
	r := &graph.Run{Config: graph.FitConfig{Epochs: 1}, Epoch: 1, Steps: 1000, Size: 1000}
	p.Handle(r, graph.TrainBegin)
	p.Handle(r, graph.EpochBegin)
	if n := testing.AllocsPerRun(100, func() { p.Handle(r, graph.StepEnd) }); n != 0 {
		t.Errorf("got %v allocations in a step, want none", n)
	}
}

func TestIsTerminal(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pipe, other, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer other.Close()
	for name, w := range map[string]io.Writer{"a buffer": &bytes.Buffer{}, "a file": f, "a pipe": other} {
		if isTerminal(w) {
			t.Errorf("%s: got a terminal, want none", name)
		}
	}
}

// TestProgressResumed resumes within an epoch: the samples per second are those of the steps after the checkpoint.
func TestProgressResumed(t *testing.T) {
	c := clock(time.Unix(1e9, 0))
	var out bytes.Buffer
	p := &Progress{Writer: &out, now: c.now}
	r := &graph.Run{Config: graph.FitConfig{Epochs: 1, BatchSize: 100}, Steps: 10, Size: 1000}
	for _, e := range []graph.Event{graph.TrainBegin, graph.EpochBegin, graph.StepEnd, graph.StepEnd, graph.EpochEnd} {
		if e == graph.StepEnd {
			c.advance(time.Second)
			r.Step = max(r.Step+1, 9) // eight were done before
			r.Samples = 100 * r.Step
		}
		if err := p.Handle(r, e); err != nil {
			t.Error(err)
		}
	}
	if want := "epoch 0/1  2.0s  100 samples/s\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
