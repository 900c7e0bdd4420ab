package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/nndiy/nndiy/experiments/internal/command"
)

// texts are the workloads that learn texts.
var texts = []string{"gpt", "lstm"}

// A call is what the arguments of the command ask for.
type call struct {
	setting
	all    bool
	tables []table  // of -results
	files  []string // ONNX files for the table files
}

// parse reads the arguments.
func parse(args []string, stdout io.Writer) (call, error) {
	var c call
	var results string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&c.Mode, "mode", "train", "`what` to measure: train or infer")
	f.StringVar(&c.Workload, "workload", "mlp", "`network` to measure: "+strings.Join(workloadNames(), ", "))
	f.StringVar(&c.File, "file", "", "measure the inference of the network in this ONNX or safetensors `file` in place of a workload")
	f.StringVar(&c.Optimizer, "optimizer", "adam", "`optimizer` of -mode train: "+strings.Join(optimizerNames(), ", "))
	f.IntVar(&c.Batch, "batch", 128, "samples per step")
	f.IntVar(&c.Time, "time", 128, "letters of a text, for the workloads "+strings.Join(texts, " and ")+"; with -file, the size of each open dimension")
	f.IntVar(&c.Threads, "threads", runtime.NumCPU(), "number of threads")
	f.IntVar(&c.Shards, "shards", 0, "FitConfig.Shards, the `parts` of a batch that are computed side by side: 0 for a batch as a whole, or a power of two")
	f.Float64Var(&c.seconds, "seconds", 3, "length of the measurement in `seconds`")
	f.IntVar(&c.steps, "steps", 0, "measure this many training steps in place of -seconds, to see whether they slow down or allocate")
	f.BoolVar(&c.all, "all", false, "print a table of MNIST's workloads at batch sizes 1, 32, 128 and 512")
	f.StringVar(&results, "results", "", "measure these `tables` and write them into RESULTS.md: all, or some of "+strings.Join(tableNames(), ","))
	f.IntVar(&c.pairs, "pairs", 5, "runs of each engine for a figure of -results")
	err := command.Parse(f, "measures the speed of training and inference, of MNIST's networks, of larger ones, and of model files.", args, stdout)
	if err != nil {
		return c, err
	}
	if c.windows = 7; c.File != "" {
		c.Mode, c.Workload = "infer", ""
	}
	if c.tables, err = choose(results, f.Args()); err != nil {
		return c, err
	}
	c.files = f.Args()
	return c, cmp.Or(c.check(), c.useful(f))
}

// useful returns an error that names the first flag that was set and has no effect beside the others.
func (c call) useful(f *flag.FlagSet) error {
	if err := cmp.Or(
		command.Apart(f, "results", "mode", "workload", "file", "optimizer", "batch", "shards", "steps", "all"),
		command.Apart(f, "all", "mode", "workload", "file", "optimizer", "batch", "time", "shards", "steps"),
		command.Apart(f, "file", "mode", "workload", "optimizer", "shards", "steps"),
		command.Apart(f, "steps", "seconds"),
		command.Together(f, "results", "pairs"),
	); err != nil {
		return err
	}
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case given["steps"] && c.steps == 0: // the default is -seconds
		return errors.New("-steps: got 0, want 1 or more")
	case given["results"] && given["time"] && len(c.files) == 0:
		return errors.New("-time: got it without the table files, want both or none")
	case given["time"] && !given["results"] && c.File == "" && !slices.Contains(texts, c.Workload):
		return fmt.Errorf("-time: got it beside -workload %s, want it with %s or -file", c.Workload, strings.Join(texts, ", "))
	case c.Mode == "infer" && given["optimizer"]:
		return errors.New("-optimizer: got it beside -mode infer, want one of them")
	case c.Mode == "infer" && given["shards"]:
		return errors.New("-shards: got it beside -mode infer, want one of them")
	case c.Mode == "infer" && given["steps"]:
		return errors.New("-steps: got it beside -mode infer, want one of them")
	}
	return nil
}

// check returns an error that names the first flag out of its range.
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
	case s.Shards < 0 || s.Shards > 0 && bits.OnesCount(uint(s.Shards)) != 1:
		return fmt.Errorf("-shards: got %d, want 0 or a power of two", s.Shards)
	case !(s.seconds > 0 && s.seconds <= 3600):
		return fmt.Errorf("-seconds: got %v, want more than 0 and at most 3600", s.seconds)
	}
	return command.Check(command.Least{Flag: "steps", Got: s.steps}, command.Least{Flag: "pairs", Got: s.pairs, Want: 1})
}

// flags returns the flags of s that have an effect, for this command and bench_torch.py.
func (s setting) flags() []string {
	list := []string{"--batch", strconv.Itoa(s.Batch), "--threads", strconv.Itoa(s.Threads)}
	if s.steps > 0 {
		list = append(list, "--steps", strconv.Itoa(s.steps))
	} else {
		list = append(list, "--seconds", fmt.Sprint(s.seconds))
	}
	if s.File != "" {
		return append(list, "--file", s.File, "--time", strconv.Itoa(s.Time))
	}
	list = append(list, "--mode", s.Mode, "--workload", s.Workload)
	if s.Mode == "train" {
		list = append(list, "--optimizer", s.Optimizer)
	}
	if s.Shards > 0 { // which bench_torch.py does not know
		list = append(list, "--shards", strconv.Itoa(s.Shards))
	}
	if slices.Contains(texts, s.Workload) {
		list = append(list, "--time", strconv.Itoa(s.Time))
	}
	return list
}
