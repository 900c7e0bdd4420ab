// Command parallel trains a network on the images of MNIST, on one process or on several that MPI's launcher starts, and prints a
// digest of the weights, which is the same for any number of processes, the speed, and the time that the processes exchange numbers.
//
//	go run ./experiments/parallel                              # alone
//	go build -o parallel ./experiments/parallel
//	mpirun -n 4 ./parallel -network cnn2d                      # 1, 2, 4 or 8 processes
//	mpirun -n 4 --hostfile hosts ./parallel -checkpoint run    # several machines; resumes from the checkpoints in run
//	go run ./experiments/parallel -simulate 64                 # where it pays: the expected efficiency of 1 to 64 processes
//	go run ./experiments/parallel -help
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/crc64"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel/mpi"
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

func main() {
	s := settings{network: networks()}
	flag.Var(s.network, "network", s.network.Names())
	flag.IntVar(&s.steps, "steps", 200, "training steps")
	flag.IntVar(&s.batch, "batch", 512, "samples per step, on all processes together")
	flag.IntVar(&s.shards, "shards", 8, "parts of a batch, a power of two; the number of processes must divide it")
	flag.IntVar(&s.train, "train", 48000, "training images")
	flag.Uint64Var(&s.seed, "seed", 1, "random seed")
	flag.StringVar(&s.checkpoint, "checkpoint", "", "`folder` for a checkpoint every 50 steps; a run resumes from those that are there")
	flag.DurationVar(&s.timeout, "timeout", 0, "how long a process waits for a silent one; default 1m")
	flag.IntVar(&s.simulate, "simulate", 0, "print the expected efficiency of up to this number of processes, and do not train")
	flag.Float64Var(&s.latency, "latency", 50, "of -simulate: `microseconds` that a message takes on the way")
	flag.Float64Var(&s.bandwidth, "bandwidth", 1, "of -simulate: `Gbit/s` of each process in each direction")
	flag.Parse()
	if err := s.check(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "parallel:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(mpi.Run(mpi.Config{Timeout: s.timeout}, func(g *mpi.Group) error {
		var out io.Writer = os.Stdout
		if g.Rank() > 0 {
			out = io.Discard
		}
		fmt.Fprintln(out, g)
		if s.simulate > 0 {
			return simulate(ctx, s, g, out)
		}
		return train(ctx, s, g, out)
	}))
}

func (s settings) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("got the argument %q, want only flags, see -help", strings.Join(rest, " "))
	case min(s.steps, s.batch, s.train, s.shards) < 1 || s.simulate < 0 || s.timeout < 0:
		return errors.New("-steps, -batch, -train and -shards: want 1 or more; -simulate and -timeout: 0 or more")
	case s.train > 60000:
		return fmt.Errorf("-train: got %d, want at most 60000", s.train)
	case !(s.latency >= 0) || !(s.bandwidth > 0):
		return fmt.Errorf("-latency and -bandwidth: got %v and %v, want 0 or more, and more than 0", s.latency, s.bandwidth)
	}
	return nil
}

// train trains the network and prints what came of it.
func train(ctx context.Context, s settings, g *mpi.Group, out io.Writer) error {
	// Data and network.
	data, err := s.data()
	if err != nil {
		return err
	}
	model, err := s.compile(data)
	if err != nil {
		return err
	}

	// Fit. Each process calls it, and computes its shards of every batch.
	timed := &meter{Group: g}
	timer := &stopwatch{meter: timed}
	cfg := graph.FitConfig{
		MaxSteps: s.steps, BatchSize: s.batch, Shards: s.shards, Group: timed,
		Callbacks: []graph.Callback{timer},
	}
	if s.checkpoint != "" {
		cfg.Callbacks = append(cfg.Callbacks, &callbacks.Checkpoint{Dir: s.checkpoint, Keep: 2, EverySteps: 50})
		cfg.Resume = s.checkpoint
	}
	history, err := model.Fit(ctx, data, cfg)
	if err != nil {
		return err
	}

	// Show.
	digest := crc64.New(crc64.MakeTable(crc64.ECMA))
	if err := model.Save(digest); err != nil {
		return err
	}
	if n := len(history.Logs); n > 0 {
		fmt.Fprintf(out, "loss     %.4f\n", history.Logs[n-1]["train_loss"])
	}
	fmt.Fprintf(out, "digest   %016x\n", digest.Sum64())
	timer.show(out)
	return nil
}
