package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// made is a report with made-up figures.
func made(unit unit, version string, rows ...comparison) report {
	other := "PyTorch"
	return report{
		table: table{name: "networks", labels: "workload | batch", other: other, unit: unit}, rows: rows,
		day: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), machine: "a machine, 2 threads", version: version, seconds: 3,
	}
}

func TestReport(t *testing.T) {
	whole := made(milliseconds, "PyTorch 1.13",
		comparison{label: "gpt | 16", ours: []float64{50, 40, 60}, theirs: []float64{60, 60, 60}},
		comparison{label: "lstm | 32", ours: []float64{1234.5, 1230, 1300}, note: "the file fixes the batch at 1"})
	whole.referee, whole.below = referee{low: 49.6, high: 61.2}, "A sentence."
	memory := made(megabytes, "PyTorch 1.13", comparison{label: "gpt | 64", ours: []float64{300}, theirs: []float64{600}})
	memory.name = "memory"
	rates := made(samplesPerSecond, "PyTorch 1.13", comparison{label: "mlp", ours: []float64{100000, 123456}, theirs: []float64{50000, 100000}},
		comparison{label: "cnn2d", ours: []float64{5}, theirs: []float64{4}})
	layers := made(milliseconds, "", comparison{label: "LSTM | 1", ours: []float64{0.5, 0.25}})
	layers.name = "layers"
	for _, c := range []struct {
		name string
		r    report
		want string
	}{
		{"times, with an engine that fails", whole, `Measured on 2026-01-02: a machine, 2 threads; PyTorch 1.13. Medians of 3 interleaved pairs of runs of 3 s each. A cache line took 50 to 61 ns from one core to another and back; pairs during which that changed by more than a factor of two do not count.

| workload | batch | nndiy, ms | PyTorch, ms | times as fast | lowest to highest |
|---|---|---|---|---|---|
| gpt | 16 | 50 | 60 | 1.20 | 1.00 to 1.50 |
| lstm | 32 | 1,230 | the file fixes the batch at 1 |  |  |

A sentence.
`},
		{"memory", memory, `Measured on 2026-01-02: a machine, 2 threads; PyTorch 1.13. Medians of 1 interleaved pair of runs of 10 steps each.

| workload | batch | nndiy, MB | PyTorch, MB | fraction of PyTorch's | lowest to highest |
|---|---|---|---|---|---|
| gpt | 64 | 300 | 600 | 0.50 | 0.50 to 0.50 |
`},
		{"rates, a row of fewer pairs", rates, `Measured on 2026-01-02: a machine, 2 threads; PyTorch 1.13. Medians of 1 to 2 interleaved pairs of runs of 3 s each.

| workload | batch | nndiy, samples/s | PyTorch, samples/s | times as fast | lowest to highest |
|---|---|---|---|---|---|
| mlp | 123,000 | 100,000 | 2.00 | 1.23 to 2.00 |
| cnn2d | 5 | 4 | 1.25 | 1.25 to 1.25 |
`},
		{"alone", layers, `Measured on 2026-01-02: a machine, 2 threads; PyTorch is not installed. Medians of 2 runs: 0.6 s of each layer here, 60 passes there.

| workload | batch | nndiy, ms | lowest to highest | PyTorch: not installed |
|---|---|---|---|---|
| LSTM | 1 | 0.5 | 0.25 to 0.5 |  |
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.r.text(); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0.0123456: "0.0123", 0.5: "0.5", 21.64: "21.6", 99.96: "100", 134.4: "134", 999.7: "1,000", 1000: "1,000",
		105432: "105,000", 1234567: "1,230,000"} {
		if got := number(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}

// A table is replaced between its marks only, and RESULTS.md has marks for every table.
func TestReplace(t *testing.T) {
	got, err := replace([]byte("a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n"), "x", "new\n")
	if want := "a\n<!-- begin x -->\nnew\n<!-- end x -->\nb\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	for _, page := range []string{"", "<!-- begin x -->\n", "<!-- end x -->\n<!-- begin x -->\n", "<!-- begin y -->\n<!-- end y -->\n"} {
		if _, err := replace([]byte(page), "x", "new\n"); err == nil {
			t.Errorf("%q: got no error, want one", page)
		}
	}
	for _, name := range tableNames() {
		if _, err := read("RESULTS.md", name, ""); err != nil {
			t.Error(err)
		}
	}
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	if err := os.WriteFile(path, []byte("<!-- begin x -->\n<!-- end x -->\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := rewrite(path, "x", "new\n"); err != nil {
		t.Fatal(err)
	}
	if page, _ := os.ReadFile(path); string(page) != "<!-- begin x -->\nnew\n<!-- end x -->\n" {
		t.Errorf("got the file %q", page)
	}
}

func TestChoose(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.onnx")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		list  string
		files []string
		want  string // the names, or a part of the error
	}{
		{"", nil, ""},
		{"all", nil, "training,networks,layers,memory,inference"},
		{"all", []string{file}, "training,networks,layers,memory,inference,files"},
		{"memory,networks", nil, "memory,networks"},
		{"files", []string{file}, "files"},
		{"files", nil, "want ONNX files as arguments"},
		{"memory", []string{file}, "want ONNX files as arguments"},
		{"speed", nil, `got table "speed", want all or some of training,networks,layers,memory,inference,files`},
		{"memory,", nil, `got table ""`},
		{"", []string{"x"}, `got argument "x", want flags only`},
		{"files", []string{"x.txt"}, `got argument "x.txt", want an ONNX file`},
		{"files", []string{"none.onnx"}, "cannot be read"},
		{"files", []string{file + ":320"}, "files"},
		{"files", []string{file + ":0"}, "want FILE or FILE:SIZE, with a size of 1 or more"},
		{"files", []string{file + ":x"}, "want FILE or FILE:SIZE, with a size of 1 or more"},
	} {
		t.Run(c.list, func(t *testing.T) {
			chosen, err := choose(c.list, c.files)
			var names []string
			for _, x := range chosen {
				names = append(names, x.name)
			}
			got := strings.Join(names, ",")
			if err != nil {
				got = err.Error()
			}
			if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Sides take turns, and a pair during which the cores move does not count.
func TestCompare(t *testing.T) {
	var order []string
	n := 0.0
	side := func(name string) side {
		return func(context.Context) ([]figure, error) {
			order = append(order, name)
			n++
			return []figure{{label: "x", value: n}, {label: name, value: n}}, nil
		}
	}
	trips := []float64{50, 51, 340, 50, 0, 51, 300, 340, 340} // 0 is unknown
	r := &referee{trip: func() float64 { v := trips[0]; trips = trips[1:]; return v }}
	rows, err := compare(t.Context(), job{"x", side("a"), side("b")}, 2, r)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(order, ""), "ababba"; got != want {
		t.Errorf("order: got %s, want %s", got, want)
	}
	if len(rows) != 2 || !slices.Equal(rows[0].ours, []float64{3, 6}) || !slices.Equal(rows[0].theirs, []float64{4, 5}) || len(rows[1].theirs) != 0 {
		t.Errorf("got rows %v", rows)
	}
	if r.low != 50 || r.high != 340 {
		t.Errorf("got round trips from %v to %v, want 50 to 340", r.low, r.high)
	}
	moving := 1.0
	r = &referee{trip: func() float64 { moving *= 3; return moving }}
	if _, err := compare(t.Context(), job{"x", side("a"), nil}, 2, r); err == nil || !strings.Contains(err.Error(), "each of 6 pairs") {
		t.Errorf("cores that move: got error %v", err)
	}
	fails := errors.New("fails")
	r = &referee{trip: func() float64 { return 0 }}
	if _, err := compare(t.Context(), job{"x", func(context.Context) ([]figure, error) { return nil, fails }, nil}, 1, r); !errors.Is(err, fails) {
		t.Errorf("got error %v, want %v", err, fails)
	}
}
