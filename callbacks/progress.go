package callbacks

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/schollz/progressbar/v3"
)

// Progress shows the progress of training: a bar for the current epoch, with its running loss, samples per second and the
// remaining time, and a line for each epoch that has ended, with its duration, samples per second and every log value.
//
// The bar is drawn only on a terminal, at most ten times per second. A file or a pipe gets the lines, without control
// characters. A failed write does not end training.
type Progress struct {
	Writer io.Writer // default os.Stderr

	out      io.Writer
	terminal func(io.Writer) bool // default isTerminal
	now      func() time.Time     // default time.Now
	bar      *progressbar.ProgressBar
	shown    bool      // the bar is on the screen
	began    time.Time // when the epoch began
	stepped  time.Time // when its last step ended
	drawn    time.Time // when the bar was last drawn
	before   int       // samples of the epoch before the checkpoint, if training has resumed within it; -1 until the first step
}

var _ graph.Callback = (*Progress)(nil)

// pause is the shortest time between two drawings of the bar.
const pause = 100 * time.Millisecond

// Handle implements graph.Callback.
func (p *Progress) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		p.begin()
	case graph.EpochBegin:
		p.began = p.now()
		p.stepped, p.before = p.began, -1
		p.newBar(r)
		p.draw(r)
	case graph.StepEnd:
		p.stepped = p.now()
		if p.before < 0 { // the first step of this run; each step before it had a whole batch
			p.before = (r.Step - 1) * r.Config.BatchSize
		}
		p.draw(r)
	case graph.EpochEnd:
		p.clear()
		fmt.Fprintln(p.out, p.line(r))
	case graph.TrainEnd:
		p.clear()
	}
	return nil
}

func (p *Progress) begin() {
	p.out, p.bar, p.shown, p.drawn = p.Writer, nil, false, time.Time{}
	if p.out == nil {
		p.out = os.Stderr
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.terminal == nil {
		p.terminal = isTerminal
	}
}

// isTerminal reports whether w is a terminal that can return to the start of its line.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// newBar creates the bar of an epoch, without drawing it.
func (p *Progress) newBar(r *graph.Run) {
	if r.Size <= 0 || !p.terminal(p.out) {
		return
	}
	p.bar = progressbar.NewOptions(r.Size,
		progressbar.OptionSetWriter(p.out),
		progressbar.OptionSetWidth(24),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionSetItsString("samples"),
		progressbar.OptionSetPredictTime(true),
	)
	p.bar.StartWithoutRender()
}

// draw draws the bar, unless less than a pause has passed since the last drawing.
func (p *Progress) draw(r *graph.Run) {
	if p.bar == nil || p.stepped.Sub(p.drawn) < pause {
		return
	}
	p.drawn, p.shown = p.stepped, true
	description := epochOf(r)
	if r.Step > 0 {
		description += "  loss " + number(r.Loss)
	}
	progressbar.OptionSetDescription(description)(p.bar) // Describe would draw the bar a second time
	p.bar.Set(min(r.Samples, r.Size))
}

// clear removes the bar from the screen.
func (p *Progress) clear() {
	if p.shown {
		p.bar.Clear()
	}
	p.bar, p.shown = nil, false
}
