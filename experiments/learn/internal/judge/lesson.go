package judge

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/internal/kernels"
)

// mostLines is the number of lines that a lesson's main.go may have.
const mostLines = 120

// guide is the page that shows the lessons' output, seen from a lesson.
const guide = "../README.md"

var update = flag.Bool("update", false, "write the lesson's output into experiments/learn/README.md; go test needs -p 1 then")

// Lesson runs a lesson and checks that the README shows what it prints, except speeds, and that main.go is short before the
// reader answers its exercises. On a processor of the kind that wrote the README every character must be the same, so a lesson
// that prints something else in another run fails.
func Lesson(t *testing.T, run func(w io.Writer) error, answers ...any) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	answered := slices.ContainsFunc(answers, func(a any) bool { return !reflect.ValueOf(a).IsZero() })
	if n := bytes.Count(source, []byte("\n")); n > mostLines && !answered {
		t.Errorf("main.go: got %d lines, want at most %d", n, mostLines)
	}
	var b bytes.Buffer
	if err := run(&b); err != nil {
		t.Fatal(err)
	}
	output := b.String()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	from, to, err := block(string(page), filepath.Base(folder))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(guide, []byte(string(page[:from])+output+string(page[to:])), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := same(output, string(page[from:to]), tolerance()); err != nil {
		t.Errorf("README.md: %v\n%s", err, output)
	}
}

// tolerance returns 0 on a processor whose float32 sums are rounded as in the README, which AVX2 or AVX-512 computed.
func tolerance() float64 {
	if form := kernels.Best().String(); form == "avx2" || form == "avx512" {
		return 0
	}
	return elsewhere
}

// block returns where the page shows the output of a lesson: between the lines "$ go run ./experiments/learn/…" and "```".
func block(page, lesson string) (from, to int, err error) {
	command := regexp.MustCompile(`(?m)^\$ go run \./experiments/learn/` + regexp.QuoteMeta(lesson) + "\n")
	found := command.FindStringIndex(page)
	if found == nil {
		return 0, 0, fmt.Errorf("README.md: got no output of lesson %s, want a block that begins with its command", lesson)
	}
	length := strings.Index(page[found[1]:], "```\n")
	if length < 0 {
		return 0, 0, fmt.Errorf("README.md: lesson %s: got a block without an end", lesson)
	}
	return found[1], found[1] + length, nil
}
