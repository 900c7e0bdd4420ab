// Command bench measures the speed of training and inference through the public API, of MNIST's networks, of larger ones, and of
// model files. It prints one line of JSON, or with -all a table of every workload. RESULTS.md holds figures measured with it.
//
//	go run ./experiments/bench -workload mlp -optimizer adam -batch 128
//	go run ./experiments/bench -file model.onnx -batch 8
//	go run ./experiments/bench -mode infer -batch 1
//	go run ./experiments/bench -all
//	go run ./experiments/bench -help
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
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
	seconds   float64
	windows   int
	steps     int
}

func main() {
	var s setting
	var all bool
	flag.StringVar(&s.Mode, "mode", "train", "train or infer")
	flag.StringVar(&s.Workload, "workload", "mlp", "network to measure: "+strings.Join(workloadNames(), ", "))
	flag.StringVar(&s.File, "file", "", "measure the inference of the network in this ONNX or safetensors `file` in place of a workload")
	flag.StringVar(&s.Optimizer, "optimizer", "adam", "optimizer of -mode train: "+strings.Join(optimizerNames(), ", "))
	flag.IntVar(&s.Batch, "batch", 128, "samples per step")
	flag.IntVar(&s.Time, "time", 128, "letters of a text, for the workloads gpt and lstm; with -file the size of a dimension that varies")
	flag.IntVar(&s.Threads, "threads", runtime.NumCPU(), "number of threads")
	flag.Float64Var(&s.seconds, "seconds", 3, "length of the measurement in `seconds`")
	flag.IntVar(&s.steps, "steps", 0, "measure this many training steps in place of -seconds, to see whether they slow down or allocate")
	flag.BoolVar(&all, "all", false, "print a table of MNIST's workloads at batch sizes 1, 32, 128 and 512")
	flag.Parse()
	if s.windows = 7; s.File != "" {
		s.Mode, s.Workload = "infer", ""
	}
	if err := s.check(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	runtime.GOMAXPROCS(s.Threads)
	if err := run(s, all); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (s setting) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("got argument %q, want flags only", rest[0])
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
	case !(s.seconds > 0 && s.seconds <= 3600) || s.steps < 0:
		return fmt.Errorf("-seconds: got %v, want more than 0 and at most 3600", s.seconds)
	}
	return nil
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
