package callbacks

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
	"golang.org/x/term"
)

// Progress shows the progress of training: a bar for the current epoch, with its running loss, samples per second and the
// remaining time, and a line for each epoch that has ended, with its duration, samples per second and every log value.
//
// The bar is drawn only on a terminal, at most ten times per second. It has one line, shortened to the width of the terminal; the
// line of an epoch is broken between values. A file or a pipe gets the lines, without control characters, and within a long epoch
// one every so often. A failed write does not end training.
type Progress struct {
	Writer io.Writer     // default os.Stderr
	Every  time.Duration // without a terminal, the longest time between lines within an epoch; default 30 s, negative for none

	out      io.Writer
	terminal func(io.Writer) bool // default isTerminal
	width    func(io.Writer) int  // default widthOf
	now      func() time.Time     // default time.Now
	bar      bool                 // out is a terminal
	shown    int                  // characters of the bar on the screen
	began    time.Time            // when the epoch began
	stepped  time.Time            // when its last step ended
	drawn    time.Time            // when the bar was last drawn, or the last line written
	before   int                  // samples of the epoch before the checkpoint, if training has resumed within it; -1 until the first step
}

var _ graph.Callback = (*Progress)(nil)

const (
	pause        = 100 * time.Millisecond // the shortest time between two drawings of the bar
	defaultEvery = 30 * time.Second       // what an Every of 0 means
	usualWidth   = 80                     // of a terminal that does not report its width
)

// Handle implements graph.Callback.
func (p *Progress) Handle(r *graph.Run, e graph.Event) error {
	if r.Rank > 0 { // rank 0 of FitConfig.Group writes
		return nil
	}
	switch e {
	case graph.TrainBegin:
		p.begin()
	case graph.EpochBegin:
		p.began = p.now()
		p.stepped, p.before = p.began, -1
		if !p.bar && p.drawn.IsZero() {
			p.drawn = p.began
		}
		p.draw(r)
	case graph.StepEnd:
		p.stepped = p.now()
		if p.before < 0 { // the first step of this run; each step before it had a whole batch
			p.before = (r.Step - 1) * r.Config.BatchSize
		}
		p.draw(r)
	case graph.EpochEnd:
		p.clear()
		p.writeLine(p.fields(r))
		if !p.bar {
			p.drawn = p.now()
		}
	case graph.TrainEnd:
		p.clear()
	}
	return nil
}

func (p *Progress) begin() {
	p.out, p.shown, p.drawn = p.Writer, 0, time.Time{}
	if p.out == nil {
		p.out = os.Stderr
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.terminal == nil {
		p.terminal = isTerminal
	}
	if p.width == nil {
		p.width = widthOf
	}
	p.bar = p.terminal(p.out)
}

// isTerminal reports whether w is a terminal that can return to the start of its line.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && term.IsTerminal(int(f.Fd()))
}

// widthOf returns the number of columns of a terminal.
func widthOf(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return usualWidth
}

// columns returns the number of columns that a line may fill: a terminal may begin a new line after the last one.
func (p *Progress) columns() int { return max(p.width(p.out)-1, 1) }

// draw draws the bar, unless less than a pause has passed since the last drawing. Without a terminal it writes a line, unless
// less than Every has passed since the last line.
func (p *Progress) draw(r *graph.Run) {
	passed := p.stepped.Sub(p.drawn)
	if !p.bar {
		if every := cmp.Or(p.Every, defaultEvery); every > 0 && passed >= every && r.Step > 0 {
			p.drawn = p.stepped
			fmt.Fprintln(p.out, p.within(r))
		}
		return
	}
	if passed < pause {
		return
	}
	p.drawn = p.stepped
	columns := p.columns()
	line := p.fit(r, columns)
	length := utf8.RuneCountInString(line)
	fmt.Fprint(p.out, "\r"+line+strings.Repeat(" ", max(min(p.shown, columns)-length, 0)))
	p.shown = length
}

// clear removes the bar from the screen.
func (p *Progress) clear() {
	if p.shown > 0 {
		fmt.Fprint(p.out, "\r"+strings.Repeat(" ", min(p.shown, p.columns()))+"\r")
	}
	p.shown = 0
}

// writeLine writes a line of fields, on a terminal broken into lines that fit.
func (p *Progress) writeLine(fields []string) {
	line := strings.Join(fields, "  ")
	if p.bar {
		line = fold(fields, p.columns())
	}
	fmt.Fprintln(p.out, line)
}
