package main

import (
	"context"
	"fmt"
	"io"
	"math/bits"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/atomicfile"
)

func (l lab) training(context.Context) ([]job, error) {
	var jobs []job
	s := l.setting
	s.Mode = "train"
	for _, s.Workload = range names(workloads) {
		for _, s.Optimizer = range []string{"sgd", "adam"} {
			if s.Optimizer == "sgd" && strings.HasPrefix(s.Workload, "cnn") {
				continue // the optimizer takes little of the time
			}
			for _, s.Batch = range []int{1, 32, 128, 512} {
				jobs = append(jobs, l.pair(s, row(s.Workload, s.Optimizer, s.Batch), samplesPerSecond))
			}
		}
	}
	return jobs, nil
}

// A size is a network's size of a batch and letters of a text.
type size struct {
	name        string
	batch, time int
}

// sizes are those of the table networks.
var sizes = []size{{"resnet20", 64, 128}, {"mobile", 64, 128}, {"gpt", 16, 128}, {"lstm", 32, 100}}

func (l lab) networks(context.Context) ([]job, error) {
	var jobs []job
	s := l.setting
	s.Mode, s.Optimizer = "train", "adam"
	for _, n := range sizes {
		s.Workload, s.Batch, s.Time = n.name, n.batch, n.time
		jobs = append(jobs, l.pair(s, row(n.name, n.batch), milliseconds))
	}
	return jobs, nil
}

func (l lab) memory(context.Context) ([]job, error) {
	s := l.setting
	s.Mode, s.Optimizer, s.Time, s.steps = "train", "adam", 128, 10
	var jobs []job
	for _, n := range []struct {
		name  string
		batch int
	}{{"resnet20", 256}, {"gpt", 64}} {
		s.Workload, s.Batch = n.name, n.batch
		jobs = append(jobs, l.pair(s, row(n.name, n.batch), megabytes))
	}
	return jobs, nil
}

// inference measures the workloads; onnxruntime runs the files that package onnx writes of them.
func (l lab) inference(context.Context) ([]job, error) {
	var jobs []job
	s := l.setting
	s.Mode = "infer"
	for _, s.Workload = range append(names(workloads), names(networks)...) {
		s.Time, s.Batch = 128, 1
		file := filepath.Join(l.folder, s.Workload+".onnx")
		m, err := workloadOf(s).model(s)
		if err != nil {
			return nil, err
		}
		if err := atomicfile.Write(file, func(w io.Writer) error { return onnx.Write(w, m) }); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Workload, err)
		}
		batches, scale := []int{1, 512}, 0.1
		if _, ok := networks[s.Workload]; ok {
			batches = []int{1, 8}
			if slices.Contains(texts, s.Workload) {
				scale = 1
			}
		}
		for _, s.Batch = range batches {
			jobs = append(jobs, l.predict(s, s.Workload, file, scale))
		}
	}
	return jobs, nil
}

// others measures the files of the command line. A file that cannot run is an error before anything is measured.
func (l lab) others(ctx context.Context) ([]job, error) {
	var jobs []job
	s := l.setting
	s.Mode = "infer"
	for _, argument := range l.files {
		var err error
		if s.File, s.Time, err = sized(argument, l.Time); err != nil {
			return nil, err
		}
		for _, s.Batch = range []int{1, 8} {
			m, data, err := fromFile(s)
			if err == nil {
				_, err = m.Predict(ctx, data.X)
			}
			if err != nil {
				return nil, fmt.Errorf("%s with the size %d, which %s:SIZE changes: %w", s.File, s.Time, s.File, err)
			}
			jobs = append(jobs, l.predict(s, filepath.Base(s.File), s.File, 1))
		}
	}
	return jobs, nil
}

// layers runs the benchmark of package layers, built once, and the script beside it, which does the same with PyTorch.
func (l lab) layers(ctx context.Context) ([]job, error) {
	root := filepath.Join(l.source, "..", "..")
	program := filepath.Join(l.folder, "layers.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, "./layers")
	build.Dir = root
	if _, err := output(build); err != nil {
		return nil, err
	}
	threads := strconv.Itoa(l.Threads)
	j := job{name: "layers", ours: func(ctx context.Context) ([]figure, error) {
		out, err := output(exec.CommandContext(ctx, program, "-test.run", "^$", "-test.bench", "^BenchmarkLayers$",
			"-test.benchtime", fmt.Sprintf("%gs", l.seconds/5), "-test.cpu", threads))
		if err != nil {
			return nil, err
		}
		return parseBench(out)
	}}
	if l.pytorch != "" {
		j.theirs = func(ctx context.Context) ([]figure, error) {
			out, err := output(l.torch(ctx, l.python, filepath.Join(root, "layers", "testdata", "bench_torch.py"), threads))
			if err != nil {
				return nil, err
			}
			return parseLayers(out)
		}
	}
	return []job{j}, nil
}

// share states how much of the speed of a product of matrices the training of gpt reaches: with all threads, with a shard of each batch for
// each of them, and with one thread.
func (l lab) share(ctx context.Context, r *referee) (string, error) {
	n := sizes[slices.IndexFunc(sizes, func(n size) bool { return n.name == "gpt" })]
	work := float64(n.batch) * gptWork(n.time)
	text := fmt.Sprintf("A step of `gpt` needs %.1f GFLOP: the products of its dense layers and of causal attention, forward and "+
		"twice that backward. It runs in turns with a product of 1024×1024 matrices, the fastest of 20 each time.", work/1e9)
	type way struct{ threads, shards int }
	ways := []way{{1, 0}}
	if l.Threads > 1 {
		ways = []way{{l.Threads, 0}, {l.Threads, 1 << (bits.Len(uint(l.Threads)) - 1)}, {1, 0}}
	}
	for _, w := range ways {
		s := l.setting
		s.Mode, s.Optimizer, s.Workload, s.Batch, s.Time, s.Threads, s.Shards = "train", "adam", n.name, n.batch, n.time, w.threads, w.shards
		speeds, products, err := l.turns(ctx, r, s, work)
		if err != nil {
			return "", err
		}
		shares := make([]float64, len(speeds))
		for i := range shares {
			shares[i] = speeds[i] / products[i]
		}
		flags := fmt.Sprintf("-threads %d", w.threads)
		if w.shards > 0 {
			flags += fmt.Sprintf(" -shards %d", w.shards)
		}
		text += fmt.Sprintf(" With `%s` it reaches %.0f GFLOP/s, and the product %.0f: a share of %.2f (%.2f to %.2f)",
			flags, median(speeds)/1e9, median(products)/1e9, median(shares), slices.Min(shares), slices.Max(shares))
		if peak := multiplyAdds(w.threads); peak > 0 {
			text += fmt.Sprintf(", and %.2f of the %.0f GFLOP/s of multiply-adds in registers", median(speeds)/peak, peak/1e9)
		}
		text += "."
	}
	return text, nil
}

// turns measures a training, a step of which does the given work, in turns with a product of matrices on as many threads. It returns the
// operations per second of each.
func (l lab) turns(ctx context.Context, r *referee, s setting, work float64) (speeds, products []float64, err error) {
	label := row(s.Workload, s.Batch)
	j := l.pair(s, label, milliseconds)
	j.name = fmt.Sprintf("%s and a product, threads: %d, shards: %d", s.Workload, s.Threads, s.Shards)
	j.theirs = func(context.Context) ([]figure, error) {
		return []figure{{label: label, value: product(s.Threads)}}, nil
	}
	rows, err := compare(ctx, j, l.pairs, r)
	if err != nil {
		return nil, nil, err
	}
	for _, milliseconds := range rows[0].ours {
		speeds = append(speeds, work/(milliseconds/1e3))
	}
	return speeds, rows[0].theirs, nil
}
