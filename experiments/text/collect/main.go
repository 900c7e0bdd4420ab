// Command collect writes the text that the experiment learns by default, compressed by gzip: this repository's own documentation, which
// is the README, the license and the doc comments of the packages. A paragraph that occurs several times is written once.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: collect file")
		os.Exit(2)
	}
	err := atomicfile.Write(os.Args[1], func(w io.Writer) error {
		z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
		if err != nil {
			return err
		}
		if err := collect(z); err != nil {
			return err
		}
		return z.Close()
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "collect:", err)
		os.Exit(1)
	}
}

// collect writes the text.
func collect(w io.Writer) error {
	root, err := command("go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	packages, err := command("go", "list", "github.com/nndiy/nndiy/...")
	if err != nil {
		return err
	}
	var all []string
	for _, file := range []string{"README.md", "LICENSE"} {
		text, err := os.ReadFile(strings.TrimSpace(root) + "/" + file)
		if err != nil {
			return err
		}
		all = append(all, string(text))
	}
	for name := range strings.FieldsSeq(packages) {
		if strings.Contains(name, "/experiments/") || strings.Contains(name, "/internal/") {
			continue
		}
		text, err := command("go", "doc", "-all", name)
		if err != nil {
			return err
		}
		all = append(all, text)
	}
	seen := map[string]bool{}
	for paragraph := range strings.SplitSeq(strings.Join(all, "\n\n"), "\n\n") {
		if paragraph = strings.Trim(paragraph, "\n"); paragraph != "" && !seen[paragraph] {
			seen[paragraph] = true
			if _, err := fmt.Fprint(w, paragraph, "\n\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// command returns the output of a command.
func command(name string, args ...string) (string, error) {
	var stderr bytes.Buffer
	c := exec.Command(name, args...)
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, &stderr)
	}
	return string(out), err
}
