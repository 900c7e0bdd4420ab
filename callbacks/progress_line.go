package callbacks

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nndiy/nndiy/graph"
	"github.com/schollz/progressbar/v3"
)

// fields returns the line of an epoch that has ended. Its samples per second do not include the time of validation.
func (p *Progress) fields(r *graph.Run) []string {
	fields := []string{epochOf(r), fmt.Sprintf("%.1fs", p.now().Sub(p.began).Seconds())}
	if rate := p.rate(r); rate > 0 {
		fields = append(fields, fmt.Sprintf("%.0f samples/s", rate))
	}
	for _, name := range columns(r.Logs) {
		text := number(r.Logs[name])
		if name == rateName {
			text = fmt.Sprintf("%.3e", r.Logs[name])
		}
		fields = append(fields, name+" "+text)
	}
	return fields
}

// rate returns the samples per second of the epoch up to the last step, 0 if it is not known.
func (p *Progress) rate(r *graph.Run) float64 {
	if s := p.stepped.Sub(p.began).Seconds(); s > 0 {
		return float64(r.Samples-max(p.before, 0)) / s
	}
	return 0
}

// parts returns what is known within an epoch: the samples, of how many, the samples per second, and the remaining time. The
// number of samples in an epoch may be unknown.
func (p *Progress) parts(r *graph.Run) []string {
	parts := []string{fmt.Sprintf("%d samples", r.Samples)}
	if r.Size > 0 {
		parts[0] = fmt.Sprintf("%d/%d", r.Samples, r.Size)
	}
	if rate := p.rate(r); rate > 0 {
		parts = append(parts, fmt.Sprintf("%.0f samples/s", rate))
		if seconds := float64(r.Size-r.Samples) / rate; r.Size > 0 && seconds >= 0 && seconds < 1e9 {
			left := time.Duration(seconds * float64(time.Second)).Round(time.Second)
			parts = append(parts, left.String()+" left")
		}
	}
	return parts
}

// percent returns the part of the epoch that is done, "" if that is not known.
func percent(r *graph.Run) string {
	if r.Size <= 0 {
		return ""
	}
	return fmt.Sprintf("%3d%%", 100*min(r.Samples, r.Size)/r.Size)
}

// within returns the line within an epoch that a file gets.
func (p *Progress) within(r *graph.Run) string {
	fields := []string{epochOf(r)}
	if done := percent(r); done != "" {
		fields = append(fields, done)
	}
	return strings.Join(append(append(fields, "loss "+number(r.Loss)), p.parts(r)...), "  ")
}

const (
	longestBar  = 24
	shortestBar = 6
)

// fit returns the line of the bar with at most the given number of columns. What does not fit is left out, the least useful
// first: the number of samples, the samples per second, the remaining time, the bar, the loss.
func (p *Progress) fit(r *graph.Run, columns int) string {
	short, done, parts := epochOf(r), percent(r), p.parts(r)
	head := short
	if r.Step > 0 {
		head += "  loss " + number(r.Loss)
	}
	var lines []string
	for i := 0; i <= len(parts); i++ {
		tail := strings.Join(append([]string{""}, parts[i:]...), "  ")
		if done == "" {
			lines = append(lines, head+tail)
			continue
		}
		free := columns - utf8.RuneCountInString(head+"  "+done+" ||"+tail)
		if free >= shortestBar {
			return head + "  " + done + " " + bar(r, min(free, longestBar)) + tail
		}
	}
	if done != "" {
		lines = append(lines, head+"  "+done, short+"  "+done)
	}
	for _, line := range append(lines, short) {
		if utf8.RuneCountInString(line) <= columns {
			return line
		}
	}
	return string([]rune(short)[:columns])
}

// bar returns a bar whose inner part has the given width.
func bar(r *graph.Run, width int) string {
	b := progressbar.NewOptions(r.Size, progressbar.OptionSetWriter(io.Discard), progressbar.OptionSetWidth(width))
	b.Set(min(r.Samples, r.Size))
	if b.String() == "" { // less than a percent
		b.RenderBlank()
	}
	line := b.String()
	begin, end := strings.Index(line, "|"), strings.LastIndex(line, "|")
	if begin < 0 || end <= begin {
		return ""
	}
	return line[begin : end+1]
}

// fold joins fields to lines of at most the given number of columns, all but the first indented. It breaks a field only if it is longer than a line.
func fold(fields []string, columns int) string {
	var b strings.Builder
	at, indent := 0, min(2, columns-1)
	for i, field := range fields {
		length := utf8.RuneCountInString(field)
		switch {
		case i == 0:
		case at+2+length <= columns:
			b.WriteString("  ")
			at += 2
		default:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			at = indent
		}
		for _, c := range field {
			if at == columns {
				b.WriteString("\n")
				at = 0
			}
			b.WriteRune(c)
			at++
		}
	}
	return b.String()
}

// epochOf returns the epoch and the number of epochs, padded to the same width in each epoch.
func epochOf(r *graph.Run) string {
	if endless(r) {
		return fmt.Sprintf("epoch %d", r.Epoch)
	}
	total := strconv.Itoa(r.Config.Epochs)
	return fmt.Sprintf("epoch %*d/%s", len(total), r.Epoch, total)
}

// number returns v with four digits after the point, or in scientific form if v is very small or large.
func number(v float64) string {
	if a := math.Abs(v); a != 0 && a < 1e-3 || a >= 1e5 {
		return fmt.Sprintf("%.3e", v)
	}
	return fmt.Sprintf("%.4f", v)
}
