package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
)

// small are the flags of a fast run.
func small(t *testing.T, more ...string) (args []string, out string) {
	out = filepath.Join(t.TempDir(), "out")
	return append([]string{"-train", "500", "-valid", "100", "-epochs", "2", "-json", "-out", out}, more...), out
}

// mustRun runs the program and returns its output and the JSON in the last line of it.
func mustRun(t *testing.T, args []string) (stdout string, last map[string]any) {
	t.Helper()
	var o, e bytes.Buffer
	if status := run(args, &o, &e); status != 0 || e.Len() > 0 {
		t.Fatalf("%v: status %d, stderr %s", args, status, &e)
	}
	lines := strings.Split(strings.TrimSuffix(o.String(), "\n"), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatalf("%v: last line %q: %v", args, lines[len(lines)-1], err)
	}
	return o.String(), last
}

// keys returns the names in an object of JSON, in order.
func keys(object any) []string { return slices.Sorted(maps.Keys(object.(map[string]any))) }

// withoutTime removes what a rerun may change.
func withoutTime(m map[string]any) map[string]any {
	delete(m, "seconds")
	delete(m, "samples_s")
	return m
}

func TestRun(t *testing.T) {
	args, out := small(t)
	stdout, got := mustRun(t, args)
	for _, text := range []string{"541,432 parameters", "epoch 1/2", "PSNR", "read right", out} {
		if !strings.Contains(stdout, text) {
			t.Errorf("output has no %q:\n%s", text, stdout)
		}
	}
	if want := []string{"best_epoch", "epochs", "noise", "samples_s", "seconds", "test", "valid_bce"}; !slices.Equal(keys(got), want) {
		t.Errorf("JSON has %v, want %v", keys(got), want)
	}
	if got["noise"] != 0.8 || got["epochs"] != 2.0 || got["best_epoch"] != 2.0 {
		t.Errorf("got %v", got)
	}
	test := got["test"].([]any)
	want := []string{"accuracy", "accuracy_clean", "accuracy_noisy", "bce", "noise", "psnr", "psnr_noisy"}
	if len(test) != 1 || !slices.Equal(keys(test[0]), want) {
		t.Errorf("test has %v, want one object of %v", test, want)
	}
	f := test[0].(map[string]any)
	if p := f["psnr_noisy"].(float64); p < 5.9 || p > 6.1 { // of 80% noise on the test pictures
		t.Errorf("psnr_noisy is %v, want about 6", p)
	}
	if f["psnr"].(float64) < f["psnr_noisy"].(float64)+3 || f["accuracy_clean"].(float64) < 0.7 {
		t.Errorf("the network has learned nothing: %v", f)
	}

	again, out2 := small(t)
	if _, b := mustRun(t, again); string(marshal(t, withoutTime(got))) != string(marshal(t, withoutTime(b))) {
		t.Errorf("two runs of one seed differ:\n%v\n%v", got, b)
	}
	for _, name := range []string{pictures, curves, logFile, weights} {
		a, b := read(t, out, name), read(t, out2, name)
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s: %d and %d bytes, want the same of one seed", name, len(a), len(b))
		}
	}
	checkFiles(t, out)
}

// Another seed gives other results.
func TestSeed(t *testing.T) {
	data, seen := labtest.IDX(t, 600, 20, 7, 5), map[any]bool{}
	for _, seed := range []string{"1", "2", "18446744073709551615"} {
		args, _ := small(t, "-data", data, "-seed", seed)
		_, got := mustRun(t, args)
		seen[got["valid_bce"]] = true
	}
	if len(seen) != 3 {
		t.Errorf("three seeds gave %d results", len(seen))
	}
}

func marshal(t *testing.T, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(t *testing.T, folder, name string) []byte {
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// checkFiles looks into the files of a run of two epochs.
func checkFiles(t *testing.T, out string) {
	for _, name := range []string{pictures, curves} {
		m, err := png.Decode(bytes.NewReader(read(t, out, name)))
		if err != nil || m.Bounds().Dx() < 600 || m.Bounds().Dy() < 200 {
			t.Errorf("%s: %v, or too small", name, err)
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(read(t, out, logFile))).ReadAll()
	if err != nil || len(rows) != 3 || !slices.Contains(rows[0], "valid_loss") {
		t.Errorf("%s: %v, %v", logFile, rows, err)
	}
	w, err := graph.ReadWeights(bytes.NewReader(read(t, out, weights)))
	if err != nil || len(w) != 12 {
		t.Errorf("%s: %v, %d parameters, want 12", weights, err, len(w))
	}
}

func TestMixed(t *testing.T) {
	args, _ := small(t, "-noise", "mixed", "-data", labtest.IDX(t, 700, 20, 7, 5))
	_, got := mustRun(t, args)
	if got["noise"] != "mixed" {
		t.Errorf("noise is %v", got["noise"])
	}
	var amounts []float64
	for _, f := range got["test"].([]any) {
		amounts = append(amounts, f.(map[string]any)["noise"].(float64))
	}
	if want := []float64{0.1, 0.4, 0.6, 0.7, 0.8, 0.9}; !slices.Equal(amounts, want) {
		t.Errorf("tested with %v, want %v", amounts, want)
	}
}

// The extremes work, with few pictures of another size as well.
func TestAmounts(t *testing.T) {
	data := labtest.IDX(t, 30, 4, 3, 9)
	for _, amount := range []string{"0", "1"} {
		_, got := mustRun(t, []string{"-data", data, "-noise", amount, "-epochs", "1", "-json", "-out", t.TempDir()})
		f := got["test"].([]any)[0].(map[string]any)
		if noisy := f["psnr_noisy"].(float64); (noisy == 100) != (amount == "0") {
			t.Errorf("-noise %s: psnr_noisy is %v", amount, noisy)
		}
	}
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-noise", "1.1"}, {"-noise", "-0.1"}, {"-noise", "NaN"}, {"-noise", "much"}, {"-noise", ""}, {"-noise"},
		{"-epochs", "0"}, {"-nonsense"}, {"nonsense"}, {"-data", labtest.IDX(t, 9, 3, 2, 2), "-out", filepath.Join("main.go", "out")},
	} {
		var o, e bytes.Buffer
		if status := run(args, &o, &e); status != 2 || strings.Count(e.String(), "\n") != 1 || strings.Contains(o.String(), "epoch") {
			t.Errorf("%q: status %d, stderr %q, stdout %q; want 2, one line, no training", args, status, &e, &o)
		}
	}
}

// A training that diverges is a failure.
func TestDiverged(t *testing.T) {
	args, _ := small(t, "-data", labtest.IDX(t, 600, 20, 7, 5), "-lr", "1e30")
	var o, e bytes.Buffer
	if status := run(args, &o, &e); status != 1 || !strings.Contains(e.String(), "diverged") || strings.Count(e.String(), "\n") != 1 {
		t.Errorf("status %d, stderr %q", status, &e)
	}
}
