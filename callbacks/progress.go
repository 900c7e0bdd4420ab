package callbacks

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/schollz/progressbar/v3"
)

// Progress shows how training comes along: a bar for the epoch under way, with its running loss, samples a second and the
// remaining time, and a line for each epoch that has ended, with its duration, samples a second and every log value.
//
// The bar is drawn on a terminal only; a file or a pipe gets the lines and no control characters. It is drawn ten times a
// second at most, however short the steps are. An error of writing does not end the training.
type Progress struct {
	Writer io.Writer // nil is os.Stderr

	out      io.Writer
	terminal func(io.Writer) bool // nil is isTerminal
	now      func() time.Time     // nil is time.Now
	bar      *progressbar.ProgressBar
	shown    bool      // the bar is on the screen
	began    time.Time // when the epoch began
	stepped  time.Time // when its last step ended
	drawn    time.Time // when the bar was drawn last
	before   int       // samples of the epoch that were seen before a checkpoint that training went on from
}

var _ graph.Callback = (*Progress)(nil)

// pause is the time from one drawing of the bar to the next, at least.
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
		if p.before < 0 { // the first step that is done here: all steps before it had whole batches
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

// isTerminal tells whether w is a terminal that can go back to the start of its line.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// newBar makes the bar of an epoch, without drawing it.
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

// draw draws the bar as it is now, unless it was drawn just now.
func (p *Progress) draw(r *graph.Run) {
	if p.bar == nil || p.stepped.Sub(p.drawn) < pause {
		return
	}
	p.drawn, p.shown = p.stepped, true
	description := epochOf(r)
	if r.Step > 0 {
		description += "  loss " + number(r.Loss)
	}
	progressbar.OptionSetDescription(description)(p.bar) // Describe would draw one time more
	p.bar.Set(min(r.Samples, r.Size))
}

// clear takes the bar off the screen.
func (p *Progress) clear() {
	if p.shown {
		p.bar.Clear()
	}
	p.bar, p.shown = nil, false
}
