package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A unit is what the figures of a table are.
type unit int

const (
	samplesPerSecond unit = iota
	milliseconds          // of a step of training or a batch of inference
	megabytes
)

func (u unit) String() string { return [...]string{"samples/s", "ms", "MB"}[u] }

// A table is a table of RESULTS.md.
type table struct {
	name   string
	labels string // heads of the columns before the figures
	other  string // the engine beside this library
	unit   unit
	jobs   func(lab, context.Context) ([]job, error)
	after  func(lab, context.Context, *referee) (string, error) // measures for the text below the table; may be nil
}

// A lab contains what the tables measure with.
type lab struct {
	engines
	setting          // threads and seconds of every run
	files   []string // ONNX files for the table files, FILE or FILE:SIZE
	folder  string   // for temporary files
}

// tables returns all tables in the order of RESULTS.md.
func tables() []table {
	return []table{
		{"training", "workload | optimizer | batch", "PyTorch", samplesPerSecond, lab.training, nil},
		{"networks", "workload | batch", "PyTorch", milliseconds, lab.networks, lab.share},
		{"layers", "layer", "PyTorch", milliseconds, lab.layers, nil},
		{"memory", "workload | batch", "PyTorch", megabytes, lab.memory, nil},
		{"inference", "workload | batch", "onnxruntime", milliseconds, lab.inference, nil},
		{"files", "file | batch", "onnxruntime", milliseconds, lab.others, nil},
	}
}

func tableNames() []string {
	var list []string
	for _, t := range tables() {
		list = append(list, t.name)
	}
	return list
}

// choose returns the tables of a list of names with commas between them; of all, those that there are files for. The files are the
// arguments of the command, which only the table files has.
func choose(list string, files []string) ([]table, error) {
	known := tableNames()
	names := strings.Split(list, ",")
	switch {
	case list == "" && len(files) > 0:
		return nil, fmt.Errorf("got argument %q, want flags only", files[0])
	case list == "":
		return nil, nil
	case list == "all" && len(files) == 0:
		names = slices.DeleteFunc(slices.Clone(known), func(name string) bool { return name == "files" })
	case list == "all":
		names = known
	}
	var chosen []table
	for _, name := range names {
		at := slices.Index(known, name)
		if at < 0 {
			return nil, fmt.Errorf("-results: got table %q, want all or some of %s", name, strings.Join(known, ","))
		}
		chosen = append(chosen, tables()[at])
	}
	if has := slices.Contains(names, "files"); has != (len(files) > 0) {
		return nil, fmt.Errorf("-results: got tables %s and arguments %q, want ONNX files as arguments with the table files only",
			list, files)
	}
	for _, file := range files {
		file, _, err := sized(file, 0)
		if err != nil {
			return nil, fmt.Errorf("-results: %w", err)
		}
		if filepath.Ext(file) != ".onnx" {
			return nil, fmt.Errorf("-results: got argument %q, want an ONNX file", file)
		}
		if _, err := os.Stat(file); err != nil {
			return nil, fmt.Errorf("-results: got an argument that cannot be read, want ONNX files: %w", err)
		}
	}
	return chosen, nil
}

// sized splits an argument FILE:SIZE, where SIZE is that of dimensions that vary, into its parts. Without a colon, the size is otherwise.
func sized(argument string, otherwise int) (file string, size int, err error) {
	at := strings.LastIndexByte(argument, ':')
	if at < 0 || filepath.Ext(argument) == ".onnx" {
		return argument, otherwise, nil
	}
	if size, err = strconv.Atoi(argument[at+1:]); err != nil || size < 1 {
		return "", 0, fmt.Errorf("got argument %q, want FILE or FILE:SIZE, with a size of 1 or more", argument)
	}
	return argument[:at], size, nil
}

// one returns the side of a run that measures one figure.
func one(command func(context.Context) (*exec.Cmd, error), label string, u unit, batch int) side {
	return func(ctx context.Context) ([]figure, error) {
		c, err := command(ctx)
		if err != nil {
			return nil, err
		}
		out, err := output(c)
		if err != nil {
			return nil, err
		}
		f, err := parseLine(out, label, u, batch)
		return []figure{f}, err
	}
}

// pair returns the job that measures a workload here and with PyTorch.
func (l lab) pair(s setting, label string, u unit) job {
	ours := func(ctx context.Context) (*exec.Cmd, error) { return l.ours(ctx, s), nil }
	j := job{name: label, ours: one(ours, label, u, s.Batch)}
	if l.pytorch != "" {
		args := append([]string{filepath.Join(l.source, "bench_torch.py")}, s.flags()...)
		theirs := func(ctx context.Context) (*exec.Cmd, error) { return l.torch(ctx, l.python, args...), nil }
		j.theirs = one(theirs, label, u, s.Batch)
	}
	return j
}

// predict returns the job that measures inference here and of an ONNX file with onnxruntime.
func (l lab) predict(s setting, name, file string, scale float64) job {
	label := row(name, s.Batch)
	ours := func(ctx context.Context) (*exec.Cmd, error) { return l.ours(ctx, s), nil }
	j := job{name: label, ours: one(ours, label, milliseconds, s.Batch)}
	if l.onnxruntime != "" {
		theirs := func(ctx context.Context) (*exec.Cmd, error) { return l.ort(ctx, s, file, scale) }
		j.theirs = one(theirs, label, milliseconds, s.Batch)
	}
	return j
}

// row returns the beginning of a table's row.
func row(cells ...any) string {
	var list []string
	for _, c := range cells {
		list = append(list, strings.ReplaceAll(fmt.Sprint(c), "|", "/"))
	}
	return strings.Join(list, " | ")
}
