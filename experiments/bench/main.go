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
	"slices"
	"strings"

	"github.com/nndiy/nndiy/experiments/internal/command"
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
	seconds   float64
	windows   int
	steps     int
	pairs     int
}

func main() {
	var s setting
	var all bool
	var results string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&s.Mode, "mode", "train", "`what` to measure: train or infer")
	f.StringVar(&s.Workload, "workload", "mlp", "`network` to measure: "+strings.Join(workloadNames(), ", "))
	f.StringVar(&s.File, "file", "", "measure the inference of the network in this ONNX or safetensors `file` in place of a workload")
	f.StringVar(&s.Optimizer, "optimizer", "adam", "`optimizer` of -mode train: "+strings.Join(optimizerNames(), ", "))
	f.IntVar(&s.Batch, "batch", 128, "samples per step")
	f.IntVar(&s.Time, "time", 128, "letters of a text, for the workloads gpt and lstm; with -file, the size of each open dimension")
	f.IntVar(&s.Threads, "threads", runtime.NumCPU(), "number of threads")
	f.Float64Var(&s.seconds, "seconds", 3, "length of the measurement in `seconds`")
	f.IntVar(&s.steps, "steps", 0, "measure this many training steps in place of -seconds, to see whether they slow down or allocate")
	f.BoolVar(&all, "all", false, "print a table of MNIST's workloads at batch sizes 1, 32, 128 and 512")
	f.StringVar(&results, "results", "", "measure these `tables` and write them into RESULTS.md: all, or some of "+strings.Join(tableNames(), ","))
	f.IntVar(&s.pairs, "pairs", 5, "runs of each engine for a figure of -results")
	err := command.Parse(f, "measures the speed of training and inference, of MNIST's networks, of larger ones, and of model files.",
		os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if s.windows = 7; s.File != "" {
		s.Mode, s.Workload = "infer", ""
	}
	var chosen []table
	if err == nil {
		chosen, err = choose(results, f.Args())
	}
	if err == nil {
		err = s.check()
	}
	if err == nil && len(chosen) > 0 && (all || s.File != "" || s.steps > 0) {
		err = errors.New("-results: got -all, -file or -steps as well, want -results without them")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if len(chosen) > 0 {
		err = writeResults(context.Background(), s, chosen, f.Args())
	} else {
		runtime.GOMAXPROCS(s.Threads)
		err = run(s, all)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (s setting) check() error {
	switch {
	case s.Mode != "train" && s.Mode != "infer":
		return fmt.Errorf("-mode: got %q, want train or infer", s.Mode)
	case s.File == "" && !slices.Contains(workloadNames(), s.Workload):
		return fmt.Errorf("-workload: got %q, want one of %s", s.Workload, strings.Join(workloadNames(), ", "))
	case !slices.Contains(optimizerNames(), s.Optimizer):
		return fmt.Errorf("-optimizer: got %q, want one of %s", s.Optimizer, strings.Join(optimizerNames(), ", "))
	case s.Batch < 1 || s.Batch > 10000:
		return fmt.Errorf("-batch: got %d, want 1 to 10000", s.Batch)
	case s.Time < 1 || s.Time > 100000:
		return fmt.Errorf("-time: got %d, want 1 to 100000", s.Time)
	case s.Threads < 1 || s.Threads > 1024:
		return fmt.Errorf("-threads: got %d, want 1 to 1024", s.Threads)
	case !(s.seconds > 0 && s.seconds <= 3600):
		return fmt.Errorf("-seconds: got %v, want more than 0 and at most 3600", s.seconds)
	}
	return command.Check(command.Least{Flag: "steps", Got: s.steps}, command.Least{Flag: "pairs", Got: s.pairs, Want: 1})
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
