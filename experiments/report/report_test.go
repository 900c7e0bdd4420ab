package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
)

// A script is a runner that runs nothing: each experiment reaches an accuracy of a tenth of its seed, and call number end is
// interrupted.
type script struct {
	calls [][]string
	end   int
	err   error
}

func (s *script) run(_ context.Context, experiment string, args []string) ([]byte, error) {
	s.calls = append(s.calls, append([]string{experiment}, args...))
	if len(s.calls) == s.end {
		return []byte(`{"interrupted":true}`), s.err
	}
	at := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "-seed=") })
	var seed float64
	fmt.Sscanf(args[at], "-seed=%g", &seed)
	folder := args[len(args)-1]
	if err := os.WriteFile(filepath.Join(folder, "pictures.png"), []byte(experiment), 0o666); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "epoch 1\n{\"epochs\":3,\"seconds\":2,\"samples_s\":10,\"valid_accuracy\":%g,\"test_accuracy\":1}\n", seed/10), nil
}

// An interrupted report resumes where it stopped, and its figures are means over the seeds.
func TestResume(t *testing.T) {
	out := t.TempDir()
	args := []string{"-seeds", "2", "-seed", "8", "-json", "-out", out, "mlp-tanh-sgd", "mlp-relu-sgd"}
	first := &script{end: 3}
	var stdout, stderr bytes.Buffer
	if status := (report{run: first.run}).main(args, &stdout, &stderr); status != 1 || !strings.Contains(stderr.String(), "interrupted") {
		t.Fatalf("got status %d, stderr %q, want 1 and interrupted", status, &stderr)
	}
	if text := string(labtest.Read(t, out, tableFile)); !strings.Contains(text, "80.00%") || strings.Count(text, "MLP") != 2 {
		t.Errorf("after two runs: got table %q", text)
	}
	second := &script{}
	stdout.Reset()
	if status := (report{run: second.run}).main(args, &stdout, new(bytes.Buffer)); status != 0 {
		t.Fatalf("got status %d, want 0", status)
	}
	if len(second.calls) != 2 {
		t.Errorf("second time: got runs %q, want the two missing ones", second.calls)
	}
	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	var got struct{ Rows []summaryRow }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &got); err != nil || len(got.Rows) != 2 {
		t.Fatalf("got %+v, %v, want two rows", got, err)
	}
	if r := got.Rows[0]; r.Name != "mlp-tanh-sgd" || r.Seeds != 2 || math.Abs(r.Means["valid_accuracy"]-0.85) > 1e-9 || r.Reached {
		t.Errorf("got %+v, want the mean 0.85 of two seeds, which misses the target", r)
	}
	if text := string(labtest.Read(t, out, tableFile)); !strings.Contains(text, "| 85.00% (below 97.50%), 100.00% test |") {
		t.Errorf("got table %q", text)
	}
	third := &script{}
	if (report{run: third.run}).main(append([]string{"-epochs", "2"}, args...), new(bytes.Buffer), &stderr); len(third.calls) != 4 {
		t.Errorf("with another flag: got runs %q, want all four", third.calls)
	}
}

// Flags are passed to all experiments, except a folder of images and a number of epochs to those that have none.
func TestPassedFlags(t *testing.T) {
	s := &script{}
	var stderr bytes.Buffer
	args := []string{"-data", "images", "-epochs", "3", "-batch", "8", "-train", "50", "-out", t.TempDir(), "regression", "translate", "equation-oscillator", "cartpole-dqn", "table-wine"}
	if status := (report{run: s.run}).main(args, new(bytes.Buffer), &stderr); status != 0 || len(s.calls) != 5 {
		t.Fatalf("got status %d, runs %q, stderr %q, want 0 and five runs", status, s.calls, &stderr)
	}
	for _, call := range s.calls {
		if got, want := slices.Contains(call, "-data=images"), call[0] == "regression"; got != want || !slices.Contains(call, "-batch=8") {
			t.Errorf("got flags %q", call)
		}
		if got, want := slices.Contains(call, "-train=50"), call[0] != "table"; got != want {
			t.Errorf("got flags %q", call)
		}
		if got, want := slices.Contains(call, "-epochs=3"), call[0] != "cartpole"; got != want {
			t.Errorf("got flags %q", call)
		}
	}
}

// The page contains the pictures and the commands, and needs no other file.
func TestPage(t *testing.T) {
	out := t.TempDir()
	if status := (report{run: new(script).run}).main([]string{"-out", out, "-data", "a b", "vae"}, new(bytes.Buffer), new(bytes.Buffer)); status != 0 {
		t.Fatal(status)
	}
	text := string(labtest.Read(t, out, pageFile))
	for _, want := range []string{"data:image/png;base64,dmFl", "go run ./experiments/vae -seed=1 -data=a b"} { // dmFl is vae
		if !strings.Contains(text, want) {
			t.Errorf("got a page without %q:\n%s", want, text)
		}
	}
	for _, bad := range []string{"http:", "https:", "<script", `src="p`} {
		if strings.Contains(text, bad) {
			t.Errorf("got a page with %q", bad)
		}
	}
}

// The model for any amount of noise is compared with the models for one amount.
func TestReference(t *testing.T) {
	one := outcome{row: row{name: "denoise-80"}, runs: []measured{{Result: map[string]any{"psnr": 14.5}}}}
	mixed := outcome{row: row{measures: near("10", "80")}, runs: []measured{{Result: map[string]any{"test": []any{
		map[string]any{"psnr": 20.0}, map[string]any{"psnr": 13.25},
	}}}}}
	got := mixed.figures([]outcome{one, mixed})
	if want := []string{"20.00 dB at 10%", "13.25 dB at 80% (below 13.50 dB at 80%)"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A measure of an error is acceptable up to a bound, and one that is missing is not acceptable.
func TestMost(t *testing.T) {
	for _, c := range []struct {
		result  map[string]any
		want    []string
		reached bool
	}{
		{map[string]any{"max_error": 1e-3, "l2": 0.015}, []string{"0.001 largest error", "1.50% relative error"}, true},
		{map[string]any{"max_error": 2e-3, "l2": 0.03}, []string{"0.002 largest error (above 0.001 largest error)", "3.00% relative error (above 2.00% relative error)"}, false},
		{map[string]any{"l2": 0.015}, []string{"1.50% relative error"}, false},
	} {
		o := outcome{row{name: "burgers", measures: solved(1e-3, 0.02)}, []measured{{Result: c.result}}}
		if got := o.figures(nil); !slices.Equal(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if got := summary([]outcome{o}, 0).(map[string]any)["rows"].([]summaryRow)[0].Reached; got != c.reached {
			t.Errorf("%v: got reached %v, want %v", c.result, got, c.reached)
		}
	}
}

// Dropout must reduce the difference between training and validation accuracy.
func TestOverfit(t *testing.T) {
	ran := func(name string, train, valid float64, measures []measure) outcome {
		return outcome{row{name: name, measures: measures}, []measured{{Result: map[string]any{"train_accuracy": train, "valid_accuracy": valid}}}}
	}
	plain := ran("plain", 1, 0.97, overfit(0.96, ""))
	for valid, want := range map[float64]string{0.98: "-1.00% from train to valid", 0.95: "-4.00% from train to valid (below -3.00% from train to valid)"} {
		dropout := ran("dropout", 0.99, valid, overfit(0.9, "plain"))
		if got := dropout.figures([]outcome{plain, dropout}); !slices.Contains(got, want) {
			t.Errorf("got %q, want %q among them", got, want)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, args := range []string{"-seeds 0", "-nonsense", "nonsense", "-out=", "-quick mlp"} {
		s, stderr := &script{}, new(bytes.Buffer)
		if status := (report{run: s.run}).main(append([]string{"-out", t.TempDir()}, strings.Fields(args)...), new(bytes.Buffer), stderr); status != 2 ||
			strings.Count(stderr.String(), "\n") != 1 || len(s.calls) > 0 {
			t.Errorf("%s: got status %d, stderr %q, runs %q, want 2, one line, none", args, status, stderr, s.calls)
		}
	}
	s := &script{end: 1, err: errors.New("it failed")}
	stderr := new(bytes.Buffer)
	if status := (report{run: s.run}).main([]string{"-out", t.TempDir(), "vae"}, new(bytes.Buffer), stderr); status != 1 || stderr.String() != "report: vae: it failed\n" {
		t.Errorf("failure: got status %d, stderr %q, want 1 and the failure", status, stderr)
	}
	var help bytes.Buffer
	if status := (report{}).main([]string{"-help"}, &help, stderr); status != 0 || !strings.Contains(help.String(), "denoise-mixed") {
		t.Errorf("help: got status %d, %s", status, &help)
	}
}

// Names are unique, references exist, and every experiment is part of the quick version.
func TestRows(t *testing.T) {
	quick, seen := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		if seen[r.name] {
			t.Errorf("got two rows named %s, want unique names", r.name)
		}
		seen[r.name], quick[r.experiment] = true, quick[r.experiment] || r.quick
	}
	for _, r := range rows {
		for _, m := range r.measures {
			if m.reference != "" && !seen[m.reference] {
				t.Errorf("%s: got reference %s, want the name of a row", r.name, m.reference)
			}
		}
	}
	for _, r := range rows {
		for _, m := range r.small().measures {
			if m.most != 0 {
				t.Errorf("%s: got bound %v in the quick version, want none", r.name, m.most)
			}
			if least, ok := m.bound([]outcome{{row: r, runs: []measured{{Result: map[string]any{"psnr": 1.0}}}}}); ok {
				t.Errorf("%s: got bound %v in the quick version, want none", r.name, least)
			}
		}
	}
	for name, q := range quick {
		if !q {
			t.Errorf("%s: got no row in the quick version, want one", name)
		}
	}
}

// A real experiment is built and run.
func TestBuilder(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	b, out := &builder{}, t.TempDir()
	defer b.clean()
	var stdout, stderr bytes.Buffer
	if status := (report{run: b.run}).main([]string{"-quick", "-out", out, "regression"}, &stdout, &stderr); status != 0 {
		t.Fatalf("got status %d, stderr %s, want 0", status, &stderr)
	}
	if text := string(labtest.Read(t, out, pageFile)); strings.Count(text, "data:image/png;base64,iVBOR") != 2 { // the beginning of a PNG file
		t.Error("got a page without the two pictures")
	}
}
