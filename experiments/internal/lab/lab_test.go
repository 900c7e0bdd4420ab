package lab

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// experiment returns an experiment that does not train, on a small set of images.
func experiment(t *testing.T, run func(*Lab) (any, error)) Experiment {
	return Experiment{
		Name: "test", About: "does nothing.", Files: []string{"a.txt"}, Run: run,
		Options: Options{Train: 20, Valid: 5, Epochs: 1, Batch: 4, Patience: 1, LR: 0.1,
			Data: labtest.IDX(t, 40, 8, 6, 4), Out: filepath.Join(t.TempDir(), "out")},
		Flags: func(f *flag.FlagSet) { f.Bool("own", false, "an additional flag") },
	}
}

func ok(*Lab) (any, error) { return map[string]int{"answer": 42}, nil }

func TestExperiment(t *testing.T) {
	occupied := t.TempDir() // a folder in the place of an output file
	if err := os.Mkdir(filepath.Join(occupied, "a.txt"), 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		args    string
		run     func(*Lab) (any, error)
		status  int
		message string // part of stderr, or of stdout if the status is 0
	}{
		{"plain", "", ok, 0, "20 training images of 4×6, 5 for validation, 8 for testing"},
		{"JSON", "-own -json", ok, 0, `{"answer":42}`},
		{"help", "-help", ok, 0, "-patience"},
		{"unknown flag", "-nonsense", ok, 2, "-nonsense"},
		{"argument", "nonsense", ok, 2, `"nonsense"`},
		{"string for a number", "-epochs two", ok, 2, `"two"`},
		{"no epochs", "-epochs 0", ok, 2, "-epochs: got 0"},
		{"negative batch", "-batch -1", ok, 2, "-batch: got -1"},
		{"nothing to train on", "-train 0", ok, 2, "-train: got 0"},
		{"nothing to validate with", "-valid 0", ok, 2, "-valid: got 0"},
		{"no patience", "-patience 0", ok, 2, "-patience: got 0"},
		{"rate of 0", "-lr 0", ok, 2, "-lr: got 0"},
		{"rate of NaN", "-lr NaN", ok, 2, "-lr: got NaN"},
		{"infinite rate", "-lr Inf", ok, 2, "-lr: got +Inf"},
		{"negative seed", "-seed -1", ok, 2, "-seed"},
		{"no folder", "-out=", ok, 2, "-out"},
		{"too many images", "-train 30 -valid 11", ok, 2, "at most 40"},
		{"far too many images", "-train 9223372036854775807 -valid 9223372036854775807", ok, 2, "-train: got 9223372036854775807, want at most 10000000"},
		{"no data", "-data " + filepath.Join(occupied, "none"), ok, 2, "-data"},
		{"data that is a file", "-data " + file, ok, 2, "-data"},
		{"folder below a file", "-out " + filepath.Join(file, "out"), ok, 2, "-out"},
		{"folder in the place of a file", "-out " + occupied, ok, 2, "a.txt"},
		{"failure", "", func(*Lab) (any, error) { return nil, errors.New("it\nfailed") }, 1, "it failed"},
		{"result that JSON cannot represent", "-json", func(*Lab) (any, error) { return math.NaN(), nil }, 1, "NaN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			ran := false
			e := experiment(t, func(l *Lab) (any, error) { ran = true; return c.run(l) })
			status := e.Main(strings.Fields(c.args), &stdout, &stderr)
			if status != c.status {
				t.Fatalf("got status %d, want %d; stderr: %s", status, c.status, &stderr)
			}
			if status == 0 {
				if !strings.Contains(stdout.String(), c.message) || stderr.Len() > 0 {
					t.Errorf("got stdout %q, stderr %q, want %q only in stdout", &stdout, &stderr, c.message)
				}
				return
			}
			if s := stderr.String(); !strings.HasPrefix(s, "test: ") || strings.Count(s, "\n") != 1 || !strings.Contains(s, c.message) {
				t.Errorf("got stderr %q, want one line with %q", s, c.message)
			}
			if ran != (status == 1) {
				t.Errorf("got status %d and ran %v, want a run with status 1 only", status, ran)
			}
		})
	}
}

// A learning rate or a number of epochs of 0 is valid as a default, but not as a flag's value.
func TestOwnDefaults(t *testing.T) {
	for args, want := range map[string]int{"": 0, "-lr 0.5 -epochs 2": 0, "-lr 0": 2, "-epochs 0": 2, "-epochs -1": 2} {
		e := experiment(t, ok)
		e.Options.LR, e.Options.Epochs = 0, 0
		if status := e.Main(strings.Fields(args), io.Discard, io.Discard); status != want {
			t.Errorf("%q: got status %d, want %d", args, status, want)
		}
	}
}

// An experiment that makes its data reads images only if -data is given.
func TestMakesData(t *testing.T) {
	e := experiment(t, func(l *Lab) (any, error) { return l.Images.Train != nil, nil })
	data := e.Options.Data
	e.MakesData, e.Options.Data = true, ""
	for _, c := range []struct {
		args []string
		want string
	}{{nil, "false\n"}, {[]string{"-data", data}, "true\n"}} {
		var stdout bytes.Buffer
		if status := e.Main(append(c.args, "-json"), &stdout, io.Discard); status != 0 || !strings.HasSuffix(stdout.String(), c.want) {
			t.Errorf("%q: got status %d, stdout %q, want 0, %q", c.args, status, &stdout, c.want)
		}
	}
}

// An experiment with samples of its own reads no images, and has no flag -data.
func TestSamples(t *testing.T) {
	e := experiment(t, func(l *Lab) (any, error) { return l.Images.Train == nil, nil })
	e.Samples, e.Options.Data = "sentences", ""
	var stdout, stderr bytes.Buffer
	if status := e.Main([]string{"-json"}, &stdout, &stderr); status != 0 || stdout.String() != "true\n" {
		t.Errorf("got status %d, stdout %q, stderr %q, want 0, true", status, &stdout, &stderr)
	}
	stdout.Reset()
	e.Main([]string{"-help"}, &stdout, &stderr)
	if help := stdout.String(); !strings.Contains(help, "number of training sentences") || strings.Contains(help, "-data") {
		t.Errorf("got help %q, want sentences and no -data", help)
	}
	if status := e.Main([]string{"-data", "x"}, &stdout, &stderr); status != 2 {
		t.Errorf("got status %d for -data, want 2", status)
	}
}

// Invalid flags are found before anything is read.
func TestCheck(t *testing.T) {
	e := experiment(t, ok)
	e.Check = func() error { return errors.New("-own: not today") }
	var stdout, stderr bytes.Buffer
	if status := e.Main(nil, &stdout, &stderr); status != 2 || stderr.String() != "test: -own: not today\n" || stdout.Len() > 0 {
		t.Errorf("got status %d, stdout %q, stderr %q, want 2, none, the error", status, &stdout, &stderr)
	}
}

// Opening the folder of results changes nothing in it.
func TestFolder(t *testing.T) {
	e := experiment(t, ok)
	out := e.Options.Out
	if err := os.Mkdir(out, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "a.txt"), []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if status := e.Main(nil, new(bytes.Buffer), new(bytes.Buffer)); status != 0 {
		t.Fatal(status)
	}
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want only a.txt", entries, err)
	}
	if b, err := os.ReadFile(filepath.Join(out, "a.txt")); err != nil || string(b) != "old" {
		t.Errorf("a.txt: got %q, %v, want old", b, err)
	}
}

func TestImages(t *testing.T) {
	load := func(seed uint64) Images {
		var got Images
		e := experiment(t, func(l *Lab) (any, error) { got = l.Images; return nil, nil })
		e.Options.Seed = seed
		if status := e.Main(nil, new(bytes.Buffer), new(bytes.Buffer)); status != 0 {
			t.Fatal(status)
		}
		return got
	}
	a, b, c := load(1), load(1), load(2)
	if a.Train.Len() != 20 || a.Valid.Len() != 5 {
		t.Errorf("got %d and %d images, want 20 and 5", a.Train.Len(), a.Valid.Len())
	}
	if !bytes.Equal(a.Train.Pixels, b.Train.Pixels) || !bytes.Equal(a.Valid.Pixels, b.Valid.Pixels) {
		t.Error("got different images from the same seed")
	}
	if bytes.Equal(a.Train.Pixels, c.Train.Pixels) {
		t.Error("got the same images from different seeds")
	}
	if n := a.Classes(); n != 3 {
		t.Errorf("got %d classes, want 3", n)
	}
	var labels []int
	for _, i := range a.Samples(5) {
		labels = append(labels, int(a.Test.Labels[i]))
	}
	if want := []int{0, 1, 2, 0, 1}; !slices.Equal(labels, want) {
		t.Errorf("got samples of the classes %v, want %v", labels, want)
	}
	few := Images{Train: &datasets.Images{}, Valid: &datasets.Images{}, Test: &datasets.Images{Labels: []uint8{3, 3, 1}}}
	if got := few.Samples(12); !slices.Equal(got, []int{2, 0, 1}) {
		t.Errorf("got samples %v of three images, want 2, 0, 1", got)
	}
}

// A set smaller than the default sizes is divided in their proportion; sizes that the user chose are not changed.
func TestSmallSet(t *testing.T) {
	for _, c := range []struct {
		args         []string
		status       int
		train, valid int
	}{
		{nil, 0, 32, 8},
		{[]string{"-train", "10"}, 2, 0, 0},
		{[]string{"-train", "10", "-valid", "30"}, 0, 10, 30},
	} {
		var got Images
		e := experiment(t, func(l *Lab) (any, error) { got = l.Images; return nil, nil })
		e.Options.Train, e.Options.Valid = 48000, 12000
		if status := e.Main(c.args, new(bytes.Buffer), new(bytes.Buffer)); status != c.status {
			t.Fatalf("%v: got status %d, want %d", c.args, status, c.status)
		}
		if c.status == 0 && (got.Train.Len() != c.train || got.Valid.Len() != c.valid) {
			t.Errorf("%v: got %d and %d, want %d and %d", c.args, got.Train.Len(), got.Valid.Len(), c.train, c.valid)
		}
	}
}

// Without -data, the images are the embedded MNIST.
func TestMNIST(t *testing.T) {
	e := experiment(t, func(l *Lab) (any, error) { return l.Images.Test.Len(), nil })
	var stdout bytes.Buffer
	if status := e.Main([]string{"-data=", "-json"}, &stdout, new(bytes.Buffer)); status != 0 || !strings.HasSuffix(stdout.String(), "\n10000\n") {
		t.Errorf("got status %d, stdout %q, want 0 and 10000", status, &stdout)
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	if err := Table(&b, []string{"noise", "BCE"}, []string{"80%", "0.1"}); err != nil {
		t.Fatal(err)
	}
	if want := "  noise  BCE\n    80%  0.1\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
