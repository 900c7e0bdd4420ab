package main

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	files := []string{pictures, curves, lab.LogFile, lab.Weights}
	stdout, out, got := program.Same(t, files)
	for _, text := range []string{"541,432 parameters", "epoch 1/2", "PSNR", "accuracy", out} {
		if !strings.Contains(stdout, text) {
			t.Errorf("got no %q in the output:\n%s", text, stdout)
		}
	}
	if want := []string{"best_epoch", "epochs", "network", "noise", "psnr", "samples_s", "seconds", "test", "test_accuracy", "valid_bce"}; !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if got["noise"] != 0.8 || got["epochs"] != 2.0 || got["best_epoch"] != 2.0 {
		t.Errorf("got %v, want noise 0.8, epochs 2, best_epoch 2", got)
	}
	test := got["test"].([]any)
	want := []string{"accuracy", "accuracy_clean", "accuracy_noisy", "bce", "noise", "psnr", "psnr_noisy"}
	if len(test) != 1 || !slices.Equal(labtest.Keys(test[0]), want) {
		t.Errorf("got test %v, want one object with %v", test, want)
	}
	f := test[0].(map[string]any)
	if p := f["psnr_noisy"].(float64); p < 5.9 || p > 6.1 { // the test images with 80% noise
		t.Errorf("got psnr_noisy %v, want about 6", p)
	}
	if f["psnr"].(float64) < f["psnr_noisy"].(float64)+3 || f["accuracy_clean"].(float64) < 0.7 {
		t.Errorf("got %v, want a network that has learned", f)
	}

	checkFiles(t, out)
}

// -live draws images of the network under training, and changes nothing else.
func TestLive(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 7, 5))
	_, want := program.Run(t, args)
	stdout, got := program.Run(t, append(args, "-live", "localhost:0"))
	if !strings.Contains(stdout, "live: http://127.0.0.1:") || got["valid_bce"] != want["valid_bce"] {
		t.Errorf("got %v and the output\n%s\nwant %v and an address", got["valid_bce"], stdout, want["valid_bce"])
	}
}

// Different seeds give different results.
func TestSeed(t *testing.T) {
	data, seen := labtest.IDX(t, 600, 20, 7, 5), map[any]bool{}
	for _, seed := range []string{"1", "2", "18446744073709551615"} {
		args, _ := labtest.Small(t, "-data", data, "-seed", seed)
		_, got := program.Run(t, args)
		seen[got["valid_bce"]] = true
	}
	if len(seen) != 3 {
		t.Errorf("got %d results from three seeds, want 3", len(seen))
	}
}

// checkFiles checks the log and the model of a run of two epochs.
func checkFiles(t *testing.T, out string) {
	rows, err := csv.NewReader(bytes.NewReader(labtest.Read(t, out, lab.LogFile))).ReadAll()
	if err != nil || len(rows) != 3 || !slices.Contains(rows[0], "valid_loss") {
		t.Errorf("%s: got %v, %v, want a head and two rows with valid_loss", lab.LogFile, rows, err)
	}
	w, err := graph.ReadWeights(bytes.NewReader(labtest.Read(t, out, lab.Weights)))
	if err != nil || len(w) != 12 {
		t.Errorf("%s: got %d parameters, %v, want 12", lab.Weights, len(w), err)
	}
}

func TestMixed(t *testing.T) {
	args, _ := labtest.Small(t, "-noise", "mixed", "-data", labtest.IDX(t, 700, 20, 7, 5))
	_, got := program.Run(t, args)
	if got["noise"] != "mixed" {
		t.Errorf("got noise %v, want mixed", got["noise"])
	}
	var amounts []float64
	for _, f := range got["test"].([]any) {
		amounts = append(amounts, f.(map[string]any)["noise"].(float64))
	}
	if want := []float64{0.1, 0.4, 0.6, 0.7, 0.8, 0.9}; !slices.Equal(amounts, want) {
		t.Errorf("got tests with %v, want %v", amounts, want)
	}
}

// Every network removes noise from images of odd sizes.
func TestNetworks(t *testing.T) {
	data := labtest.IDX(t, 300, 20, 7, 5)
	for _, network := range []string{"deep", "tanh", "conv"} {
		t.Run(network, func(t *testing.T) {
			args, _ := labtest.Small(t, "-network", network, "-data", data, "-train", "200", "-epochs", "20", "-batch", "8", "-noise", "0.5")
			_, got := program.Run(t, args)
			f := got["test"].([]any)[0].(map[string]any)
			if got["psnr"].(float64) < f["psnr_noisy"].(float64)+5 {
				t.Errorf("got %v, want psnr 5 dB above psnr_noisy", got)
			}
		})
	}
}

// Noise of 0 and 1 works, also with a few images of another size.
func TestAmounts(t *testing.T) {
	data := labtest.IDX(t, 30, 4, 3, 9)
	for _, amount := range []string{"0", "1"} {
		_, got := program.Run(t, []string{"-data", data, "-noise", amount, "-epochs", "1", "-json", "-out", t.TempDir()})
		f := got["test"].([]any)[0].(map[string]any)
		if noisy := f["psnr_noisy"].(float64); (noisy == 100) != (amount == "0") {
			t.Errorf("-noise %s: got psnr_noisy %v", amount, noisy)
		}
	}
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-noise", "1.1"}, {"-noise", "-0.1"}, {"-noise", "NaN"}, {"-noise", "much"}, {"-noise", ""}, {"-noise"}, {"-network", "none"},
		{"-epochs", "0"}, {"-nonsense"}, {"nonsense"}, {"-data", labtest.IDX(t, 9, 3, 2, 2), "-out", filepath.Join("main.go", "out")},
	} {
		program.Reject(t, args...)
	}
}

// A run that diverges fails with status 1.
func TestDiverged(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 7, 5), "-lr", "1e30")
	var o, e bytes.Buffer
	if status := run(args, &o, &e); status != 1 || !strings.Contains(e.String(), "diverged") || strings.Count(e.String(), "\n") != 1 {
		t.Errorf("got status %d, stderr %q, want 1 and one line with \"diverged\"", status, &e)
	}
}
