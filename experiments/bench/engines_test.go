package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestMain runs the command in place of the tests in a process that TestPair starts.
func TestMain(m *testing.M) {
	if os.Getenv("NNDIY_BENCH") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// found are the engines of this machine.
var found = sync.OnceValues(func() (engines, error) { return findEngines(context.Background()) })

// A pair runs this program, and PyTorch where it is installed, and both answer with a figure.
func TestPair(t *testing.T) {
	t.Setenv("NNDIY_BENCH", "1")
	e, err := found()
	if err != nil {
		t.Fatal(err)
	}
	l := lab{engines: e}
	s := setting{Mode: "train", Workload: "lstm", Optimizer: "adam", Batch: 2, Time: 3, Threads: 1, seconds: 1, steps: 3}
	j := l.pair(s, "lstm", milliseconds)
	if j.theirs == nil {
		t.Log("PyTorch is not installed: this library only")
	}
	rows, err := compare(t.Context(), j, 1, &referee{trip: func() float64 { return 0 }})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || len(rows[0].ours) != 1 || (j.theirs != nil) != (len(rows[0].theirs) == 1) {
		t.Errorf("got rows %v, want one with a figure of each engine", rows)
	}
	s.Workload = "none"
	if _, err := l.pair(s, "none", milliseconds).ours(t.Context()); err == nil || !strings.Contains(err.Error(), `-workload: got "none"`) {
		t.Errorf("an unknown workload: got error %v, want the command's complaint", err)
	}
}

// The networks of bench_torch.py have as many parameters as ours.
func TestTorch(t *testing.T) {
	e, err := found()
	if err != nil {
		t.Fatal(err)
	}
	if e.pytorch == "" {
		t.Skip("PyTorch is not installed")
	}
	out, err := output(e.torch(t.Context(), e.python, "bench_torch.py", "--parameters"))
	if err != nil {
		t.Fatal(err)
	}
	var sizes map[string]int
	if err := json.Unmarshal(out, &sizes); err != nil {
		t.Fatal(err)
	}
	for _, name := range workloadNames() {
		s := setting{Workload: name, Optimizer: "adam", Batch: 1, Time: 128, Threads: 1}
		m, err := workloadOf(s).model(s)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, x := range m.Weights() {
			n += x.Shape().TotalSize()
		}
		if n != sizes[name] {
			t.Errorf("%s: got %d parameters, want %d as in PyTorch", name, n, sizes[name])
		}
	}
}

func TestParseLine(t *testing.T) {
	for _, c := range []struct {
		name, out string
		unit      unit
		want      figure
		fault     string
	}{
		{"rate", `{"lib": "torch", "samples_s": 250.5, "peak_bytes": 3000000}`, samplesPerSecond, figure{"x", 250.5, ""}, ""},
		{"time of a batch of 8", `{"samples_s": 400}`, milliseconds, figure{"x", 20, ""}, ""},
		{"memory", `{"samples_s": 1, "peak_bytes": 3000000}`, megabytes, figure{"x", 3, ""}, ""},
		{"refused", `{"lib": "onnxruntime", "error": "got a | b"}`, samplesPerSecond, figure{"x", 0, "got a / b"}, ""},
		{"no rate", `{"lib": "torch"}`, milliseconds, figure{}, "want a positive samples_s"},
		{"no memory", `{"samples_s": 1}`, megabytes, figure{}, "want a positive peak_bytes"},
		{"no JSON", `Segmentation fault`, megabytes, figure{}, "want a line of JSON"},
		{"nothing", ``, megabytes, figure{}, "want a line of JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseLine([]byte(c.out), "x", c.unit, 8)
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("got error %v, want %q", err, c.fault)
				}
			} else if err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

// The lines of both engines name the layers alike.
func TestParseLayers(t *testing.T) {
	want := []figure{{"LSTM", 21.6, ""}, {"Conv2D, depthwise", 12.7, ""}, {"MaxPool2D 3/2", 0.5, ""}}
	got, err := parseBench([]byte(`goos: linux
BenchmarkLayers/LSTM-2         	      50	  21600000 ns/op
BenchmarkLayers/Conv2D,_depthwise-2         	      50	  12700000 ns/op	 1 B/op
BenchmarkLayers/MaxPool2D_3/2         	      50	  500000.0 ns/op
PASS
`))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	got, err = parseLayers([]byte("LSTM                     21600\nConv2D, depthwise        12700\n\nMaxPool2D 3/2              500\n"))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("PyTorch: got %v, %v, want %v", got, err, want)
	}
	if _, err := parseBench([]byte("FAIL\n")); err == nil {
		t.Error("no lines of layers: got no error, want one")
	}
	for _, out := range []string{"LSTM\n", "LSTM fast\n", "12\n"} {
		if _, err := parseLayers([]byte(out)); err == nil {
			t.Errorf("%q: got no error, want one", out)
		}
	}
}

func TestOutput(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip(err)
	}
	if out, err := output(exec.Command("sh", "-c", "echo figures")); err != nil || string(out) != "figures\n" {
		t.Errorf("got %q, %v", out, err)
	}
	_, err := output(exec.Command("sh", "-c", "echo first >&2; echo the reason >&2; exit 3"))
	if err == nil || !strings.HasSuffix(err.Error(), "exit status 3: the reason") {
		t.Errorf("got error %v, want the last line of its complaints", err)
	}
}

// The operations of gpt, added up matrix by matrix.
func TestGPTWork(t *testing.T) {
	const time = 5
	sum := 0.0
	product := func(m, k, n int) { sum += 2 * float64(m) * float64(k) * float64(n) }
	for range 4 {
		product(time, 128, 3*128) // queries, keys, values
		for letter := range time {
			product(1, 128, letter+1) // scores, over all heads
			product(1, letter+1, 128) // values
		}
		product(time, 128, 128)
		product(time, 128, 512)
		product(time, 512, 128)
	}
	product(time, 128, 64)
	if got := gptWork(time); got != 3*sum {
		t.Errorf("got %v, want %v", got, 3*sum)
	}
}

// A round trip between two cores is longer than a few cycles, wherever it can be measured.
func TestRoundTrip(t *testing.T) {
	if ns := roundTrip(); ns != 0 && (ns < 1 || ns > 1e9) {
		t.Errorf("got %v ns", ns)
	}
}
