package callbacks

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
)

// A terminal shows what is written to it: a line that is longer than its width continues below.
type terminal struct {
	width   int
	rows    []string
	at      int // column
	wrapped int // how often a line was continued
}

func (d *terminal) Write(b []byte) (int, error) {
	for _, c := range string(b) {
		if d.rows == nil {
			d.rows = []string{""}
		}
		switch c {
		case '\r':
			d.at = 0
			continue
		case '\n':
			d.rows, d.at = append(d.rows, ""), 0
			continue
		}
		if d.at == d.width {
			d.rows, d.at, d.wrapped = append(d.rows, ""), 0, d.wrapped+1
		}
		last := []rune(d.rows[len(d.rows)-1])
		for len(last) <= d.at {
			last = append(last, ' ')
		}
		last[d.at] = c
		d.rows[len(d.rows)-1] = string(last)
		d.at++
	}
	return len(b), nil
}

// TestProgressFits: on a terminal of any width no line is continued in the next one, no bar is left on the screen, and all
// values are.
func TestProgressFits(t *testing.T) {
	for width := 1; width <= 180; width++ {
		for _, broken := range []bool{false, true} {
			d := &terminal{width: width}
			train(t, &Progress{Writer: d, terminal: onTerminal, width: func(io.Writer) int { return d.width }}, 2*time.Second, broken)
			want := lines
			if broken {
				want, _, _ = strings.Cut(lines, "\n")
			}
			shown := strings.Join(strings.Fields(strings.Join(d.rows, "")), "")
			if width > 30 { // no word is broken
				shown = strings.Join(strings.Fields(strings.Join(d.rows, " ")), " ")
				want = strings.Join(strings.Fields(want), " ")
			} else {
				want = strings.Join(strings.Fields(want), "")
			}
			if d.wrapped > 0 {
				t.Errorf("width %d: got %d lines that are too long:\n%s", width, d.wrapped, strings.Join(d.rows, "\n"))
			}
			if shown != want {
				t.Errorf("width %d: got\n%s\nwant\n%s", width, shown, want)
			}
		}
	}
}

// TestProgressBar shows what is left out of the line of the bar, and that a terminal that becomes narrower is no fault.
func TestProgressBar(t *testing.T) {
	for _, c := range []struct {
		width, size int
		want        string
	}{
		{200, 400, "epoch  3/10  loss 0.5000   25% |██████                  |  100/400  50 samples/s  6s left"},
		{80, 400, "epoch  3/10  loss 0.5000   25% |███           |  100/400  50 samples/s  6s left"},
		{70, 400, "epoch  3/10  loss 0.5000   25% |███          |  50 samples/s  6s left"},
		{60, 400, "epoch  3/10  loss 0.5000   25% |████             |  6s left"},
		{40, 400, "epoch  3/10  loss 0.5000   25% |█     |"},
		{39, 400, "epoch  3/10  loss 0.5000   25%"},
		{31, 400, "epoch  3/10  loss 0.5000   25%"},
		{30, 400, "epoch  3/10   25%"},
		{20, 400, "epoch  3/10   25%"},
		{15, 400, "epoch  3/10"},
		{8, 400, "epoch"},
		{1, 400, "e"},
		{70, 50_000, "epoch  3/10  loss 0.5000    0% |         |  50 samples/s  16m38s left"},
		{70, 50, "epoch  3/10  loss 0.5000  100% |██████████████|  100/50  50 samples/s"}, // more samples than the set has
		{70, 0, "epoch  3/10  loss 0.5000  100 samples  50 samples/s"},                    // an unknown number
		{40, 0, "epoch  3/10  loss 0.5000  50 samples/s"},
		{20, -1, "epoch  3/10"},
	} {
		t.Run(fmt.Sprintf("%d columns, %d samples", c.width, c.size), func(t *testing.T) {
			now := clock(time.Unix(1e9, 0))
			width := c.width
			d := &terminal{width: c.width}
			p := &Progress{Writer: d, terminal: onTerminal, width: func(io.Writer) int { return width }, now: now.now}
			r := &graph.Run{Config: graph.FitConfig{Epochs: 10}, Steps: 4, Size: c.size, Epoch: 3}
			p.Handle(r, graph.TrainBegin)
			p.Handle(r, graph.EpochBegin)
			now.advance(2 * time.Second)
			r.Step, r.Samples, r.Loss = 1, 100, 0.5
			p.Handle(r, graph.StepEnd)
			if got := strings.TrimRight(d.rows[0], " "); got != c.want || len(d.rows) > 1 {
				t.Errorf("got %q, want %q", d.rows, c.want)
			}
			if n := utf8.RuneCountInString(c.want); n > max(c.width-1, 1) {
				t.Errorf("got %d columns, want fewer than %d", n, c.width)
			}
			if width = c.width / 2; width > 0 {
				narrow := &terminal{width: width}
				p.out = narrow
				now.advance(time.Second)
				p.Handle(r, graph.StepEnd)
				p.Handle(r, graph.TrainEnd)
				if narrow.wrapped > 0 {
					t.Errorf("got %q after the terminal became narrower", narrow.rows)
				}
			}
		})
	}
}

// TestProgressEvery: without a terminal a long epoch has a line every so often, none if lines come often enough by themselves.
func TestProgressEvery(t *testing.T) {
	for _, c := range []struct {
		why   string
		every time.Duration
		step  time.Duration
		size  int
		want  []string // the beginnings of the lines
	}{
		{"30 seconds by default", 0, 20 * time.Second, 400, []string{
			"epoch 1/2   50%  loss 0.5000  200/400  5 samples/s  40s left", "epoch 1/2  100%  loss 0.2500  400/400  5 samples/s  0s left", "epoch 1/2  80.0s",
			"epoch 2/2   50%  loss 0.5000", "epoch 2/2  100%  loss 0.2500", "epoch 2/2  80.0s"}},
		{"a minute", time.Minute, 20 * time.Second, 400, []string{"epoch 1/2   75%  loss 0.3333  300/400", "epoch 1/2  80.0s", "epoch 2/2   75%", "epoch 2/2  80.0s"}},
		{"the time since a line of an epoch", 90 * time.Second, 20 * time.Second, 400, []string{"epoch 1/2  80.0s", "epoch 2/2  80.0s"}},
		{"none", -1, time.Hour, 400, []string{"epoch 1/2  14400.0s", "epoch 2/2  14400.0s"}},
		{"short steps", 0, time.Second, 400, []string{"epoch 1/2  4.0s", "epoch 2/2  4.0s"}},
		{"an unknown number of samples", 90 * time.Minute, time.Hour, 0, []string{
			"epoch 1/2  loss 0.5000  200 samples", "epoch 1/2  loss 0.2500  400 samples", "epoch 1/2  14400.0s",
			"epoch 2/2  loss 0.5000  200 samples", "epoch 2/2  loss 0.2500  400 samples", "epoch 2/2  14400.0s"}},
		{"every step", time.Nanosecond, time.Minute, 400, []string{"epoch 1/2   25%", "epoch 1/2   50%", "epoch 1/2   75%", "epoch 1/2  100%", "epoch 1/2  240.0s",
			"epoch 2/2   25%", "epoch 2/2   50%", "epoch 2/2   75%", "epoch 2/2  100%", "epoch 2/2  240.0s"}},
	} {
		t.Run(c.why, func(t *testing.T) {
			now := clock(time.Unix(1e9, 0))
			var out bytes.Buffer
			p := &Progress{Writer: &out, Every: c.every, now: now.now}
			for range 2 { // the second run must equal the first
				out.Reset()
				r := &graph.Run{Config: graph.FitConfig{Epochs: 2}, Steps: 4, Size: c.size}
				p.Handle(r, graph.TrainBegin)
				for r.Epoch = 1; r.Epoch <= 2; r.Epoch++ {
					r.Samples = 0
					r.Step = 0
					p.Handle(r, graph.EpochBegin)
					for r.Step = 1; r.Step <= 4; r.Step++ {
						now.advance(c.step)
						r.Samples, r.Loss = 100*r.Step, 1/float64(r.Step)
						p.Handle(r, graph.StepEnd)
					}
					p.Handle(r, graph.EpochEnd)
				}
				p.Handle(r, graph.TrainEnd)
				got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
				if len(got) != len(c.want) {
					t.Fatalf("got\n%s\nwant %d lines", out.String(), len(c.want))
				}
				for i, want := range c.want {
					if !strings.HasPrefix(got[i], want) {
						t.Errorf("line %d: got %q, want it to begin with %q", i+1, got[i], want)
					}
				}
				if strings.ContainsAny(out.String(), "\r\x1b") {
					t.Errorf("got %q, want no control characters", out.String())
				}
				now.advance(time.Hour) // between the runs
			}
		})
	}
}
