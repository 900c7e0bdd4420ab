package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/classify"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// program is the experiment under test.
var program labtest.Program = run

func TestRun(t *testing.T) {
	stdout, out, got := program.Same(t, classify.Files, "-train", "1000", "-epochs", "4")
	for _, text := range []string{"235,146 parameters", "epoch 1/4", "true\\predicted", out} {
		if !strings.Contains(stdout, text) {
			t.Errorf("got no %q in the output:\n%s", text, stdout)
		}
	}
	want := []string{"activation", "best_epoch", "dropout", "epochs", "optimizer", "samples_s", "seconds", "test_accuracy", "train_accuracy",
		"valid_accuracy"}
	if !slices.Equal(labtest.Keys(got), want) {
		t.Errorf("got JSON with %v, want %v", labtest.Keys(got), want)
	}
	if got["activation"] != "tanh" || got["optimizer"] != "sgd" || got["epochs"] != 4.0 {
		t.Errorf("got %v, want activation tanh, optimizer sgd, epochs 4", got)
	}
	for _, name := range []string{"train_accuracy", "valid_accuracy", "test_accuracy"} {
		if v := got[name].(float64); v < 0.75 || v > 1 {
			t.Errorf("%s: got %v, want 0.75 to 1 after training on 1,000 images", name, v)
		}
	}
}

// Any folder of IDX files works, with any activation and optimizer.
func TestFlags(t *testing.T) {
	data := labtest.IDX(t, 60, 9, 6, 5)
	for _, flags := range []string{"-activation relu -optimizer adam", "-activation gelu -optimizer momentum -dropout 0.1 -lr 0.05", ""} {
		t.Run(flags, func(t *testing.T) {
			args := append(strings.Fields(flags), "-data", data, "-epochs", "40", "-batch", "8", "-json", "-out", t.TempDir())
			if _, got := program.Run(t, args); got["test_accuracy"] != 1.0 {
				t.Errorf("got %v, want test_accuracy 1 on easy images", got)
			}
		})
	}
}

// -find-rate draws the losses over the learning rates, and trains with a rate at which the network learns.
func TestFindRate(t *testing.T) {
	args, out := labtest.Small(t, "-find-rate", "-train", "2000", "-optimizer", "adam", "-activation", "relu")
	stdout, got := program.Run(t, args)
	if rate, ok := got["found_rate"].(float64); !ok || rate < 1e-4 || rate > 0.1 {
		t.Errorf("found_rate: got %v, want 0.0001 to 0.1 for Adam", got["found_rate"])
	}
	if v := got["test_accuracy"].(float64); v < 0.75 {
		t.Errorf("test_accuracy: got %v, want 0.75 or more", v)
	}
	if !strings.Contains(stdout, "learning rate: ") || len(labtest.Read(t, out, lab.RatePicture)) == 0 || len(labtest.Read(t, out, lab.RateFile)) == 0 {
		t.Errorf("got no suggestion or no files, stdout:\n%s", stdout)
	}
}

func TestBadFlags(t *testing.T) {
	program.Reject(t, "-activation", "nonsense")
	program.Reject(t, "-optimizer", "nonsense")
	program.Reject(t, "-dropout", "1")
	program.Reject(t, "-lr", "0")
	program.RejectPairs(t, [2]string{"-lr=0.1", "-find-rate"})
}

// -live prints the address of a page, and changes nothing else.
func TestLive(t *testing.T) {
	args, _ := labtest.Small(t, "-data", labtest.IDX(t, 600, 20, 7, 5))
	_, want := program.Run(t, args)
	stdout, got := program.Run(t, append(args, "-live", "localhost:0"))
	if !strings.Contains(stdout, "live: http://127.0.0.1:") || got["valid_accuracy"] != want["valid_accuracy"] {
		t.Errorf("got %v and the output\n%s\nwant %v and an address", got["valid_accuracy"], stdout, want["valid_accuracy"])
	}
	program.Reject(t, "-live", "8080")
}
