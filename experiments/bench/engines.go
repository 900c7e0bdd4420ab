package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/internal/ort"
)

// Each run of an engine is a process of its own, which prints what it measured.

// A figure is one measured number, in the row of a table that begins with label. If the engine could not measure it, note says why.
type figure struct {
	label string
	value float64
	note  string
}

// engines are the programs that are compared. A path is "" if the program is not installed.
type engines struct {
	source string // the folder of this command's source
	self   string // this program

	python, pytorch string   // python3 with PyTorch, and PyTorch's name and version
	tuning          []string // environment variables of PyTorch

	node, library, onnxruntime string // Node, onnxruntime-node, and its name and version
}

// findEngines looks for the other libraries. Debian's python3 counts beside the first one in PATH, since it has Debian's PyTorch.
func findEngines(ctx context.Context) (engines, error) {
	var e engines
	var err error
	_, file, _, _ := runtime.Caller(0)
	e.source = filepath.Dir(file)
	if _, err := os.Stat(filepath.Join(e.source, "bench_torch.py")); err != nil {
		return e, fmt.Errorf("-results: got no source of this command, want it run by go run ./experiments/bench: %w", err)
	}
	if e.self, err = os.Executable(); err != nil {
		return e, err
	}
	e.tuning = tuning()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		out, err := e.torch(ctx, python, "-c", "import torch; print(torch.__version__)").Output()
		if version, ok := strings.CutSuffix(string(out), "\n"); err == nil && ok {
			e.python, e.pytorch = python, "PyTorch "+version
			break
		}
	}
	if e.pytorch != "" && len(e.tuning) == 2 {
		e.pytorch += " (OpenBLAS on OpenMP, tcmalloc, flush-to-zero)"
	}
	if e.pytorch == "" {
		fmt.Fprintln(os.Stderr, "bench: got no python3 that imports torch, want one; the tables will have no figures of PyTorch")
	}
	node, library, err := ort.Find()
	if err == nil {
		var out []byte
		out, err = output(exec.CommandContext(ctx, node, "-p", "require(process.argv[1]).env.versions.common", library))
		e.node, e.library, e.onnxruntime = node, library, "onnxruntime "+strings.TrimSpace(string(out))+" (called from Node)"
	}
	if err != nil {
		e.onnxruntime = ""
		fmt.Fprintf(os.Stderr, "bench: %v; the tables will have no figures of onnxruntime\n", err)
	}
	return e, nil
}

// tuning returns the environment variables for PyTorch at its fastest: with the packages libopenblas0-openmp and
// libtcmalloc-minimal4 of Debian, if they are installed. Without the first, OpenBLAS's threads and PyTorch's hinder each other.
func tuning() []string {
	var list []string
	for variable, pattern := range map[string]string{
		"LD_LIBRARY_PATH": "/usr/lib/*-linux-gnu/openblas-openmp", "LD_PRELOAD": "/usr/lib/*-linux-gnu/libtcmalloc_minimal.so.4",
	} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			list = append(list, variable+"="+found[0])
		}
	}
	return list
}

// ours returns the command that measures s.
func (e engines) ours(ctx context.Context, s setting) *exec.Cmd {
	return exec.CommandContext(ctx, e.self, s.flags()...)
}

// torch returns the command that runs Python with PyTorch at its fastest.
func (e engines) torch(ctx context.Context, python string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, python, args...)
	c.Env = append(os.Environ(), e.tuning...)
	return c
}

// ort returns the command that measures an ONNX file with onnxruntime. Its inputs are integers from 0 to 9, times scale.
func (e engines) ort(ctx context.Context, s setting, file string, scale float64) (*exec.Cmd, error) {
	arg, err := json.Marshal(map[string]any{
		"file": file, "batch": s.Batch, "time": s.Time, "threads": s.Threads, "seconds": s.seconds, "scale": scale,
	})
	return exec.CommandContext(ctx, e.node, filepath.Join(e.source, "bench_ort.js"), e.library, string(arg)), err
}

// output runs a command and returns what it prints. The error of a command that fails ends with the last line of its complaints.
func output(c *exec.Cmd) ([]byte, error) {
	out, err := c.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		lines := strings.Split(strings.TrimSpace(string(exit.Stderr)), "\n")
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, lines[len(lines)-1])
	}
	return out, err
}

// parseLine reads the line of JSON that a run prints. The value of the figure is in the unit of the table.
func parseLine(out []byte, label string, u unit, batch int) (figure, error) {
	var line struct {
		Samples float64 `json:"samples_s"`
		Peak    float64 `json:"peak_bytes"`
		Error   string  `json:"error"`
	}
	if err := json.Unmarshal(out, &line); err != nil {
		return figure{}, fmt.Errorf("%s: got the output %q, want a line of JSON: %w", label, out, err)
	}
	f := figure{label: label, note: strings.ReplaceAll(line.Error, "|", "/")}
	switch u {
	case samplesPerSecond:
		f.value = line.Samples
	case milliseconds:
		f.value = 1e3 * float64(batch) / line.Samples
	case megabytes:
		f.value = line.Peak / 1e6
	}
	if !(f.value > 0 && f.value < 1e300) && f.note == "" {
		field := [...]string{"samples_s", "samples_s", "peak_bytes"}[u]
		return f, fmt.Errorf("%s: got the output %q, want a positive %s", label, bytes.TrimSpace(out), field)
	}
	return f, nil
}

// benchLine matches a line of go test -bench: its name, without the number of processors, and its nanoseconds.
var benchLine = regexp.MustCompile(`(?m)^BenchmarkLayers/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)

// parseBench reads the milliseconds of each layer from the output of BenchmarkLayers.
func parseBench(out []byte) ([]figure, error) {
	var list []figure
	for _, m := range benchLine.FindAllStringSubmatch(string(out), -1) {
		ns, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return nil, fmt.Errorf("layers: got the line %q, want nanoseconds: %w", m[0], err)
		}
		list = append(list, figure{label: strings.ReplaceAll(m[1], "_", " "), value: ns / 1e6})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("layers: got the output %q, want lines of BenchmarkLayers", out)
	}
	return list, nil
}

// parseLayers reads the milliseconds of each layer from the lines of layers/testdata/bench_torch.py: a name and microseconds.
func parseLayers(out []byte) ([]figure, error) {
	var list []figure
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		last := len(words) - 1
		us, err := strconv.ParseFloat(words[last], 64)
		if err != nil || last == 0 {
			return nil, fmt.Errorf("layers: got the line %q, want a name and microseconds", line)
		}
		list = append(list, figure{label: strings.Join(words[:last], " "), value: us / 1e3})
	}
	return list, nil
}
