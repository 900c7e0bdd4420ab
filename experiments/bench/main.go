// Command bench measures the speed of training and inference through the public API, of MNIST's networks, of larger ones, and of
// model files. It prints one line of JSON, or with -all a table of every workload.
//
//	go run ./experiments/bench -workload mlp -optimizer adam -batch 128
//	go run ./experiments/bench -file model.onnx -batch 8
//	go run ./experiments/bench -mode infer -batch 1
//	go run ./experiments/bench -all
//	go run ./experiments/bench -results all
//	go run ./experiments/bench -help
//
// With -results it measures the tables of RESULTS.md, in this folder, and writes them there: all of them, or those named, such as
// -results networks,memory. A table compares this library with PyTorch, whose networks are in bench_torch.py, or with onnxruntime,
// which runs the files that package onnx writes. PyTorch is found by running python3, onnxruntime by package internal/ort. If one is
// not installed, its tables have this library's figures only. Every run is a process of its own, and runs of the two engines
// take turns; a figure is the median of -pairs such pairs. All tables take more than an hour, in which the machine should do
// nothing else; -seconds 0.2 -pairs 1 shows in a few minutes that everything works. The table files compares the ONNX files given as
// arguments:
//
//	go run ./experiments/bench -results files model.onnx another.onnx
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// A setting is the configuration of one measurement.
type setting struct {
	Mode      string `json:"mode"`
	Workload  string `json:"workload,omitempty"`
	File      string `json:"file,omitempty"`
	Optimizer string `json:"opt"`
	Batch     int    `json:"batch"`
	Time      int    `json:"time,omitempty"` // letters of a text
	Threads   int    `json:"threads"`
	Shards    int    `json:"shards,omitempty"` // of a batch in training
	seconds   float64
	windows   int
	steps     int
	pairs     int
}

func main() {
	c, err := parse(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if len(c.tables) > 0 {
		err = writeResults(context.Background(), c.setting, c.tables, c.files)
	} else {
		runtime.GOMAXPROCS(c.Threads)
		err = run(c.setting, c.all)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(s setting, all bool) error {
	ctx := context.Background()
	if !all {
		r, err := measure(ctx, s)
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("%-12s %-6s %-9s %6s %12s %12s %12s\n", "workload", "mode", "optimizer", "batch", "samples/s", "lowest", "highest")
	for _, s.Workload = range names(workloads) {
		for _, s.Batch = range []int{1, 32, 128, 512} {
			for _, how := range []string{"sgd", "adam", "infer"} {
				s.Mode, s.Optimizer = "train", how
				if how == "infer" {
					s.Mode, s.Optimizer = "infer", "sgd"
				}
				r, err := measure(ctx, s)
				if err != nil {
					return err
				}
				fmt.Printf("%-12s %-6s %-9s %6d %12.0f %12.0f %12.0f\n", s.Workload, s.Mode, strings.TrimPrefix(how, "infer"), s.Batch,
					r.Samples, r.Low, r.High)
			}
		}
	}
	return nil
}
