package callbacks

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

// CSVLog writes a line of comma-separated values at the end of each epoch: the epoch, and every log value in full precision. The
// first line names the columns; a value that an epoch does not have is an empty field. When training resumes, the lines of the
// earlier epochs are written first, so the file is the same as without a break.
//
// If a log name first appears in a later epoch, the file is replaced by one with a column for it, whole: a crash leaves the old
// file or the new one. A value that a later callback in the list adds is in the file from the next epoch or the end of the run
// on. A Writer cannot be replaced: both are an error there.
type CSVLog struct {
	Path   string    // file to write; each run replaces it, at TrainBegin
	Writer io.Writer // where to write instead of Path; it is not closed

	file  *os.File
	out   io.Writer
	names []string     // the columns after the epoch
	rows  []graph.Logs // of the epochs from 1
	last  []string     // the last line as it was written; nil if no line was
}

var _ graph.Callback = (*CSVLog)(nil)

// Handle implements graph.Callback.
func (c *CSVLog) Handle(r *graph.Run, e graph.Event) error {
	if r.Rank > 0 { // rank 0 of FitConfig.Group writes
		return nil
	}
	var err error
	switch e {
	case graph.TrainBegin:
		if err = c.open(); err == nil && len(r.History.Logs) > 0 {
			c.rows = slices.Clone(r.History.Logs)
			c.names = c.columns()
			err = c.writeAll(c.out)
		}
	case graph.EpochEnd:
		err = c.add(r)
	case graph.TrainEnd:
		if c.out != nil && c.changed() {
			err = c.replace()
		}
		if closing := c.close(); err == nil {
			err = closing
		}
	}
	if err != nil {
		return fmt.Errorf("callbacks: CSVLog: %w", err)
	}
	return nil
}

func (c *CSVLog) open() (err error) {
	c.file, c.out, c.names, c.rows, c.last = nil, nil, nil, nil, nil
	switch {
	case (c.Path == "") == (c.Writer == nil):
		return fmt.Errorf("got Path %q and Writer %T, want one of them", c.Path, c.Writer)
	case c.Writer != nil:
		c.out = c.Writer
		return nil
	}
	if c.file, err = os.Create(c.Path); err == nil {
		c.out = c.file
	}
	return err
}

// add writes the line of an epoch, or the whole file if it needs a new column or the line before has changed.
func (c *CSVLog) add(r *graph.Run) error {
	if _, ok := r.Logs["epoch"]; ok {
		return fmt.Errorf(`epoch %d: got the log name "epoch", want another: the first column has that name`, r.Epoch)
	}
	changed := c.changed()
	c.rows = append(c.rows, r.Logs)
	switch {
	case len(c.rows) == 1:
		c.names = c.columns()
		return c.writeAll(c.out)
	case changed || !c.complete(r.Logs):
		return c.replace()
	}
	return c.write(csv.NewWriter(c.out), len(c.rows))
}

// complete reports whether each of the logs has a column.
func (c *CSVLog) complete(logs graph.Logs) bool {
	for name := range logs {
		if !slices.Contains(c.names, name) {
			return false
		}
	}
	return true
}

// changed reports whether callbacks have changed the logs of the last epoch after its line was written.
func (c *CSVLog) changed() bool {
	n := len(c.rows)
	return c.last != nil && !(c.complete(c.rows[n-1]) && slices.Equal(c.last, c.line(n)))
}

// columns returns the names of the logs of all epochs, in the order of reports.
func (c *CSVLog) columns() []string {
	all := graph.Logs{}
	for _, logs := range c.rows {
		maps.Copy(all, logs)
	}
	return columns(all)
}

// replace replaces the file by one with all columns and all lines.
func (c *CSVLog) replace() error {
	old := c.names
	c.names = c.columns()
	if c.file == nil {
		c.last = nil // the error is returned once
		what := "other values than it had when its line was written"
		for _, name := range c.names {
			if !slices.Contains(old, name) {
				what = fmt.Sprintf("the new log name %q", name)
				break
			}
		}
		return fmt.Errorf("epoch %d: got %s, want Path in place of Writer, or every log from the first epoch on and from callbacks before CSVLog",
			len(c.rows), what)
	}
	if err := c.close(); err != nil {
		return err
	}
	if err := atomicfile.Write(c.Path, c.writeAll); err != nil {
		return err
	}
	var err error
	if c.file, err = os.OpenFile(c.Path, os.O_WRONLY|os.O_APPEND, 0); err == nil {
		c.out = c.file
	}
	return err
}

// writeAll writes the columns and the lines of all epochs.
func (c *CSVLog) writeAll(to io.Writer) error {
	w := csv.NewWriter(to)
	w.Write(append([]string{"epoch"}, c.names...)) // Error in write returns its error
	for i := range c.rows {
		if err := c.write(w, i+1); err != nil {
			return err
		}
	}
	return nil
}

// write writes the line of an epoch.
func (c *CSVLog) write(w *csv.Writer, epoch int) error {
	c.last = c.line(epoch)
	w.Write(c.last)
	w.Flush()
	return w.Error()
}

// line returns the fields of an epoch.
func (c *CSVLog) line(epoch int) []string {
	fields := []string{strconv.Itoa(epoch)}
	for _, name := range c.names {
		field := ""
		if v, ok := c.rows[epoch-1][name]; ok {
			field = strconv.FormatFloat(v, 'g', -1, 64)
		}
		fields = append(fields, field)
	}
	return fields
}

// close closes the file if it is open.
func (c *CSVLog) close() error {
	c.out = nil
	if c.file == nil {
		return nil
	}
	file := c.file
	c.file = nil
	return file.Close()
}
