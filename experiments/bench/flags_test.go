package main

import (
	"io"
	"strings"
	"testing"
)

// A flag that has no effect beside the others is an error that names it.
func TestUseless(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", ""},
		{"-workload gpt -time 5 -steps 3 -optimizer sgd -batch 2 -threads 1", ""},
		{"-mode infer -batch 1 -seconds 2", ""},
		{"-file m.onnx -time 5 -batch 8 -seconds 1", ""},
		{"-all -seconds 1 -threads 1", ""},
		{"-results training -pairs 1 -seconds 0.2 -threads 1", ""},
		{"-file m.onnx -workload mlp", "-workload: got it beside -file, want one of them"},
		{"-file m.onnx -mode train", "-mode: got it beside -file, want one of them"},
		{"-file m.onnx -optimizer adam", "-optimizer: got it beside -file, want one of them"},
		{"-steps 0", "-steps: got 0, want 1 or more"},
		{"-file m.onnx -steps 3", "-steps: got it beside -file, want one of them"},
		{"-steps 3 -seconds 1", "-seconds: got it beside -steps, want one of them"},
		{"-shards 3", "-shards: got 3, want 0 or a power of two"},
		{"-shards -1", "-shards: got -1, want 0 or a power of two"},
		{"-shards 2 -file m.onnx", "-shards: got it beside -file, want one of them"},
		{"-shards 2 -results training", "-shards: got it beside -results, want one of them"},
		{"-shards 2 -mode infer", "-shards: got it beside -mode infer, want one of them"},
		{"-shards 2 -all", "-shards: got it beside -all, want one of them"},
		{"-steps 3 -mode infer", "-steps: got it beside -mode infer, want one of them"},
		{"-optimizer sgd -mode infer", "-optimizer: got it beside -mode infer, want one of them"},
		{"-time 5", "-time: got it beside -workload mlp, want it with gpt, lstm or -file"},
		{"-pairs 2", "-pairs: got it without -results, want both or none"},
		{"-all -mode infer", "-mode: got it beside -all, want one of them"},
		{"-all -workload mlp", "-workload: got it beside -all, want one of them"},
		{"-all -file m.onnx", "-file: got it beside -all, want one of them"},
		{"-all -optimizer sgd", "-optimizer: got it beside -all, want one of them"},
		{"-all -batch 1", "-batch: got it beside -all, want one of them"},
		{"-all -time 5", "-time: got it beside -all, want one of them"},
		{"-all -steps 3", "-steps: got it beside -all, want one of them"},
		{"-results training -mode infer", "-mode: got it beside -results, want one of them"},
		{"-results training -workload mlp", "-workload: got it beside -results, want one of them"},
		{"-results training -file m.onnx", "-file: got it beside -results, want one of them"},
		{"-results training -optimizer sgd", "-optimizer: got it beside -results, want one of them"},
		{"-results training -batch 1", "-batch: got it beside -results, want one of them"},
		{"-results training -steps 3", "-steps: got it beside -results, want one of them"},
		{"-results training -all", "-all: got it beside -results, want one of them"},
		{"-results training -time 5", "-time: got it without the table files, want both or none"},
	} {
		got := ""
		if _, err := parse(strings.Fields(c.args), io.Discard); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got error %q, want %q", c.args, got, c.want)
		}
	}
}

// The command accepts the flags that it starts itself with.
func TestFlags(t *testing.T) {
	for _, s := range []setting{
		{Mode: "train", Workload: "mlp", Optimizer: "sgd", Batch: 2, Time: 128, Threads: 1, seconds: 0.5},
		{Mode: "train", Workload: "gpt", Optimizer: "adam", Batch: 2, Time: 5, Threads: 1, seconds: 3, steps: 10},
		{Mode: "train", Workload: "gpt", Optimizer: "adam", Batch: 2, Time: 5, Threads: 1, Shards: 2, seconds: 3},
		{Mode: "infer", Workload: "lstm", Optimizer: "adam", Batch: 2, Time: 5, Threads: 1, seconds: 0.5},
		{Mode: "infer", File: "m.onnx", Optimizer: "adam", Batch: 2, Time: 5, Threads: 1, seconds: 0.5},
	} {
		s.windows, s.pairs = 7, 5
		if got, err := parse(s.flags(), io.Discard); err != nil || got.setting != s {
			t.Errorf("%q: got %+v, %v, want %+v", s.flags(), got.setting, err, s)
		}
	}
}
