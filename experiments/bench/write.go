package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// A report is a measured table and how it was measured.
type report struct {
	table
	rows    []comparison
	day     time.Time
	machine string
	version string // of the other engine; "" if it is not installed
	seconds float64
	referee referee
	below   string // text below the table
}

// text returns the report in Markdown.
func (r report) text() string {
	var b strings.Builder
	b.WriteString(r.conditions() + "\n\n")
	heads := []string{r.labels, "nndiy, " + r.unit.String()}
	switch {
	case r.version == "":
		heads = append(heads, "lowest to highest", r.other+": not installed")
	case r.unit == megabytes:
		heads = append(heads, r.other+", MB", "fraction of "+r.other+"'s", "lowest to highest")
	default:
		heads = append(heads, r.other+", "+r.unit.String(), "times as fast", "lowest to highest")
	}
	line := strings.Join(heads, " | ")
	fmt.Fprintf(&b, "| %s |\n|%s\n", line, strings.Repeat("---|", strings.Count(line, " | ")+1))
	for _, c := range r.rows {
		fmt.Fprintf(&b, "| %s | %s |\n", c.label, strings.Join(r.cells(c), " | "))
	}
	if r.below != "" {
		b.WriteString("\n" + r.below + "\n")
	}
	return b.String()
}

// conditions returns the sentences above the table.
func (r report) conditions() string {
	least, most := math.MaxInt, 0
	for _, c := range r.rows {
		least, most = min(least, len(c.ours)), max(most, len(c.ours))
	}
	other, runs := r.version, plural(most, "interleaved pair")+" of runs"
	if other == "" {
		other, runs = r.other+" is not installed", plural(most, "run")
	}
	if least < most {
		runs = fmt.Sprintf("%d to %s", least, runs)
	}
	length := fmt.Sprintf(" of %g s each", r.seconds)
	switch r.name {
	case "layers":
		length = fmt.Sprintf(": %.3g s of each layer here, 60 passes there", r.seconds/5)
	case "memory":
		length = " of 10 steps each"
	}
	text := fmt.Sprintf("Measured on %s: %s; %s. Medians of %s%s.", r.day.Format("2006-01-02"), r.machine, other, runs, length)
	if r.referee.high > 0 {
		text += fmt.Sprintf(" A cache line took %.0f to %.0f ns from one core to another and back; pairs during which that changed by "+
			"more than a factor of two do not count.", r.referee.low, r.referee.high)
	}
	return text
}

// plural returns n and a noun, "1 run" or "2 runs".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprint(n, " ", noun)
}

// cells returns the figures of a row.
func (r report) cells(c comparison) []string {
	cells := []string{number(median(c.ours))}
	if r.version == "" {
		return append(cells, spread(c.ours, number), "")
	}
	if len(c.theirs) < len(c.ours) {
		note := c.note
		if note == "" {
			note = "not measured"
		}
		return append(cells, note, "", "")
	}
	var ratios []float64
	for i, o := range c.ours {
		ratio := o / c.theirs[i]
		if r.unit == milliseconds {
			ratio = 1 / ratio
		}
		ratios = append(ratios, ratio)
	}
	two := func(v float64) string { return fmt.Sprintf("%.2f", v) }
	return append(cells, number(median(c.theirs)), two(median(ratios)), spread(ratios, two))
}

// spread returns the range of a list.
func spread(list []float64, format func(float64) string) string {
	return format(slices.Min(list)) + " to " + format(slices.Max(list))
}

// number returns three digits of v, with commas between thousands.
func number(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.3g", v)
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-2)
	s := strconv.FormatFloat(math.Round(v/unit)*unit, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// marks returns the lines around a table in RESULTS.md.
func marks(name string) (begin, end string) {
	return "<!-- begin " + name + " -->\n", "<!-- end " + name + " -->\n"
}

// replace returns the page with another text for one table.
func replace(page []byte, name, text string) ([]byte, error) {
	begin, end := marks(name)
	before, rest, ok := bytes.Cut(page, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return nil, fmt.Errorf("RESULTS.md: got no lines %q and %q in this order, want both",
			strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return slices.Concat(before, []byte(begin+text+end), after), nil
}

// read returns the file's text with a new table.
func read(path, name, text string) ([]byte, error) {
	page, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return replace(page, name, text)
}

// rewrite replaces a table in the file.
func rewrite(path, name, text string) error {
	page, err := read(path, name, text)
	if err != nil {
		return err
	}
	return atomicfile.Write(path, func(w io.Writer) error { _, err := w.Write(page); return err })
}
