package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/command"
)

// settings are the flags.
type settings struct {
	network              *choose.Flag[network]
	steps, batch, shards int
	train                int
	seed                 uint64
	checkpoint           string
	timeout              time.Duration
	simulate             int
	latency, bandwidth   float64
}

// parse reads the flags.
func parse(args []string, stdout io.Writer) (settings, error) {
	s := settings{network: networks()}
	f := flag.NewFlagSet("parallel", flag.ContinueOnError)
	f.Var(s.network, "network", "`network` to train: "+s.network.Names())
	f.IntVar(&s.steps, "steps", 200, "training steps")
	f.IntVar(&s.batch, "batch", 512, "images per step, on all processes together")
	f.IntVar(&s.shards, "shards", 8, "parts of a batch, a power of two; the number of processes must divide it")
	f.IntVar(&s.train, "train", 48000, "training images")
	f.Uint64Var(&s.seed, "seed", 1, "seed of all randomness; the same seed gives the same results")
	f.StringVar(&s.checkpoint, "checkpoint", "", "`folder` for a checkpoint every 50 steps; a run resumes from the last one there")
	f.DurationVar(&s.timeout, "timeout", 0, "how long a process waits for a silent one; 0 means 1m")
	f.IntVar(&s.simulate, "simulate", 0, "print the expected efficiency of 1, 2, 4 and more processes, up to this `number`, and do not train")
	f.Float64Var(&s.latency, "latency", 50, "of -simulate: `microseconds` that a message takes from process to process")
	f.Float64Var(&s.bandwidth, "bandwidth", 1, "of -simulate: `Gbit/s` of each process in each direction")
	if err := command.ParseFlags(f, "trains a network on the images of MNIST, on one process or on several.", args, stdout); err != nil {
		return s, err
	}
	return s, cmp.Or(s.check(), command.Together(f, "simulate", "latency", "bandwidth"),
		command.Apart(f, "simulate", "steps", "shards", "checkpoint", "timeout"))
}

// checkProcesses returns an error if the processes cannot divide the shards, or write checkpoints, before anything is read.
func (s settings) checkProcesses(n int) error {
	if s.simulate == 0 && s.shards%n != 0 { // shards is a power of two
		return fmt.Errorf("got %d processes, want a power of two, at most the %d of -shards", n, s.shards)
	}
	if s.checkpoint != "" {
		if err := os.MkdirAll(s.checkpoint, 0o777); err != nil {
			return fmt.Errorf("-checkpoint: %w", err)
		}
	}
	return nil
}

// check returns an error that names the first flag that is not valid.
func (s settings) check() error {
	if err := command.Check(command.Least{Flag: "steps", Got: s.steps, Want: 1}, command.Least{Flag: "batch", Got: s.batch, Want: 1},
		command.Least{Flag: "train", Got: s.train, Want: 1}, command.Least{Flag: "simulate", Got: s.simulate}); err != nil {
		return err
	}
	switch {
	case s.shards < 1 || s.shards > 1<<16 || s.shards&(s.shards-1) != 0:
		return fmt.Errorf("-shards: got %d, want a power of two from 1 to 65536", s.shards)
	case s.simulate > 1<<16: // as -shards; also, the powers of two below it must fit in an int
		return fmt.Errorf("-simulate: got %d, want at most 65536", s.simulate)
	case s.train > 60000:
		return fmt.Errorf("-train: got %d, want at most 60000", s.train)
	case s.timeout < 0:
		return fmt.Errorf("-timeout: got %v, want 0 or more", s.timeout)
	case !(s.latency >= 0 && s.latency <= 1e9):
		return fmt.Errorf("-latency: got %v, want 0 to 1e9", s.latency)
	case !(s.bandwidth > 0 && s.bandwidth <= 1e9):
		return fmt.Errorf("-bandwidth: got %v, want more than 0 and at most 1e9", s.bandwidth)
	}
	return nil
}
