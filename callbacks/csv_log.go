package callbacks

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph"
)

// CSVLog writes a line of comma-separated values at the end of each epoch: the epoch, and every log value in full precision. The
// first line names the columns. When training resumes, the lines of the earlier epochs are written first, so the file is the
// same as without a break.
type CSVLog struct {
	Path   string    // file to write; each run replaces it, at TrainBegin
	Writer io.Writer // where to write instead of Path; it is not closed

	file  *os.File
	lines *csv.Writer
	names []string
}

var _ graph.Callback = (*CSVLog)(nil)

// Handle implements graph.Callback.
func (c *CSVLog) Handle(r *graph.Run, e graph.Event) error {
	var err error
	switch e {
	case graph.TrainBegin:
		err = c.open()
		for i := 0; err == nil && i < len(r.History.Logs); i++ {
			err = c.write(i+1, r.History.Logs[i])
		}
	case graph.EpochEnd:
		err = c.write(r.Epoch, r.Logs)
	case graph.TrainEnd:
		err = c.close()
	}
	if err != nil {
		return fmt.Errorf("callbacks: CSVLog: %w", err)
	}
	return nil
}

func (c *CSVLog) open() error {
	c.file, c.names = nil, nil
	switch {
	case (c.Path == "") == (c.Writer == nil):
		return fmt.Errorf("got Path %q and Writer %T, want one of them", c.Path, c.Writer)
	case c.Writer != nil:
		c.lines = csv.NewWriter(c.Writer)
		return nil
	}
	file, err := os.Create(c.Path)
	if err != nil {
		return err
	}
	c.file, c.lines = file, csv.NewWriter(file)
	return nil
}

func (c *CSVLog) write(epoch int, logs graph.Logs) error {
	if c.names == nil {
		c.names = columns(logs)
		c.lines.Write(append([]string{"epoch"}, c.names...)) // Error below returns its error
	}
	for _, name := range columns(logs) {
		if !slices.Contains(c.names, name) {
			return fmt.Errorf("epoch %d: got the new log name %q, want only the file's columns: %s",
				epoch, name, strings.Join(c.names, ", "))
		}
	}
	line := []string{strconv.Itoa(epoch)}
	for _, name := range c.names {
		field := "" // if this epoch has no such value
		if v, ok := logs[name]; ok {
			field = strconv.FormatFloat(v, 'g', -1, 64)
		}
		line = append(line, field)
	}
	c.lines.Write(line)
	c.lines.Flush()
	return c.lines.Error()
}

// close closes the file if it is open.
func (c *CSVLog) close() error {
	if c.file == nil {
		return nil
	}
	file := c.file
	c.file = nil
	return file.Close()
}
