package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

// The documentation begins to be learned, and two runs with one seed write the same.
func TestRun(t *testing.T) {
	_, _, got := program.Same(t, files, "-train", "192", "-valid", "20", "-length", "60")
	want := []string{"best_epoch", "epochs", "length", "network", "prompt", "samples_s", "seconds", "temperature", "top", "valid_bits", "written"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if bits := got["valid_bits"].(float64); !(bits > 2 && bits < 5) {
		t.Errorf("got %v bits per character, want 2 to 5 after 12 steps", bits)
	}
	if n := len([]rune(got["written"].(string))); n != 60 {
		t.Errorf("got %d characters, want 60", n)
	}
}

// Both networks learn a sentence that is repeated, and write it without an end; a file of the model writes the same.
func TestSentence(t *testing.T) {
	const sentence = "the cat sat on the mat. "
	file := filepath.Join(t.TempDir(), "cat.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat(sentence, 100)), 0o666); err != nil {
		t.Fatal(err)
	}
	writes := []string{"-prompt", sentence[:20], "-temperature", "0", "-length", "200"}
	for _, network := range []string{"lstm", "transformer"} {
		t.Run(network, func(t *testing.T) {
			args, out := labtest.Small(t, "-text", file, "-network", network, "-epochs", "4", "-train", "128", "-valid", "8", "-batch", "16", "-lr", "0.005")
			stdout, got := program.Run(t, append(args, writes...))
			if bits := got["valid_bits"].(float64); bits > 0.3 {
				t.Errorf("got %v bits per character, want almost none", bits)
			}
			written := got["written"].(string)
			if want := strings.Repeat(sentence, 10)[20:220]; written != want || !strings.Contains(stdout, "\n"+sentence[:20]+want+"\n") {
				t.Errorf("got %q, want %q", written, want)
			}
			_, again := program.Run(t, append(writes, "-json", "-out", t.TempDir(), "-model", filepath.Join(out, lab.Weights)))
			if again["written"] != written {
				t.Errorf("from the file: got %q, want %q", again["written"], written)
			}
		})
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-network", "gru")
	program.Reject(t, "-prompt", "")
	program.Reject(t, "-length", "0")
	program.Reject(t, "-temperature", "NaN")
	program.Reject(t, "-top", "-1")
	program.RejectPairs(t, [2]string{"-text=a.txt", "-model=b"}, [2]string{"-network=lstm", "-model=b"}, [2]string{"-train=1", "-model=b"}, [2]string{"-valid=1", "-model=b"},
		[2]string{"-epochs=1", "-model=b"}, [2]string{"-batch=1", "-model=b"}, [2]string{"-patience=1", "-model=b"}, [2]string{"-lr=1", "-model=b"})
}

// Wrong files, and characters that the text lacks, are errors that name the flag.
func TestErrors(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"short.txt": "too short", "bytes.txt": strings.Repeat("\xff", 2000), "empty.txt": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct{ name, flag, value, want string }{
		{"prompt", "-prompt", "é", "text: -prompt: got the character 'é'"},
		{"short", "-text", in("short.txt"), "text: -text: got 9 characters, want 1300 or more\n"},
		{"empty", "-text", in("empty.txt"), "text: -text: got 0 characters, want 1300 or more\n"},
		{"bytes", "-text", in("bytes.txt"), "want text"},
		{"no text", "-text", in("none.txt"), "text: -text: open"},
		{"no model", "-model", in("none.txt"), "none.txt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			status := run([]string{"-prompt", "to", "-out", dir, c.flag, c.value}, &stdout, &stderr)
			if status != 1 || !strings.Contains(stderr.String(), c.want) {
				t.Errorf("got status %d, %q, want 1, %q", status, stderr.String(), c.want)
			}
		})
	}
}
