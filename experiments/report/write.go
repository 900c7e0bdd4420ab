package main

import (
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// The names of the output files.
const (
	pageFile  = "report.html"
	tableFile = "report.md"
)

// write writes the page and the table of the rows measured so far.
func (r *report) write(results []outcome) error {
	err := atomicfile.Write(filepath.Join(r.out, tableFile), func(w io.Writer) error {
		_, err := io.WriteString(w, intro(r)+"\n"+table(results))
		return err
	})
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(r.out, pageFile), func(w io.Writer) error { return page(w, intro(r), results) })
}

// intro returns the paragraph that explains the figures.
func intro(r *report) string {
	text := "The experiments of an older library's report, run again with nndiy by `go run ./experiments/report`. "
	if r.seeds > 1 {
		text += fmt.Sprintf("Figures are means over %d seeds; times are of the fastest run, since other work on the machine can only add to them. ", r.seeds)
	}
	if r.quick {
		text += "This is a quick version, whose figures mean nothing. "
	}
	if len(r.passed) > 0 {
		text += fmt.Sprintf("All experiments ran with `%s`. ", strings.Join(r.passed, " "))
	}
	return text + "A number such as 48,000 counts the training images. Accuracies are on validation images unless stated otherwise; seconds and samples/s are of training.\n"
}

// heads holds the heads of the columns.
var heads = []string{"experiment", "old library", "PyTorch", "target", "nndiy", "epochs", "seconds", "samples/s"}

// cells returns the row of the table under heads.
func (o outcome) cells(all []outcome) []string {
	number := func(format string, v float64, ok bool) string {
		if !ok {
			return ""
		}
		return fmt.Sprintf(format, v)
	}
	epochs, ok := o.mean("epochs")
	seconds, timed := o.fold("seconds", math.Min)
	speed, known := o.fold("samples_s", math.Max)
	return []string{o.title, o.old, o.torch, o.target, strings.Join(o.figures(all), ", "), number("%.0f", epochs, ok),
		number("%.1f", seconds, timed), number("%.0f", speed, known)}
}

// table returns the rows measured so far in Markdown.
func table(results []outcome) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(heads)
	line([]string{"---", "---", "---", "---", "---", "--:", "--:", "--:"})
	for _, o := range results {
		if len(o.runs) > 0 {
			line(o.cells(results))
		}
	}
	return b.String()
}

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// A section is a row on the page.
type section struct {
	Cells    []string
	Name     string
	Command  string
	Pictures []template.URL
}

// page writes the rows measured so far as one self-contained HTML file.
func page(w io.Writer, intro string, results []outcome) error {
	data := struct {
		Intro    string
		Heads    []string
		Sections []section
	}{Intro: intro, Heads: heads}
	for _, o := range results {
		if len(o.runs) == 0 {
			continue
		}
		first := o.runs[0]
		s := section{Cells: o.cells(results), Name: o.name,
			Command: strings.Join(append([]string{"go run ./experiments/" + o.experiment}, first.Args...), " ")}
		for _, name := range o.pictures {
			b, err := os.ReadFile(filepath.Join(first.folder, name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			} else if err != nil {
				return err
			}
			s.Pictures = append(s.Pictures, template.URL("data:image/png;base64,"+base64.StdEncoding.EncodeToString(b)))
		}
		data.Sections = append(data.Sections, s)
	}
	return pageTemplate.Execute(w, data)
}
