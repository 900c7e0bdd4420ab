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
	"syscall"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel/mpi"
)

func main() {
	s, err := parse(os.Args[1:], os.Stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
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
		if err := s.checkProcesses(g.Size()); err != nil {
			return err
		}
		fmt.Fprintln(out, g)
		if s.simulate > 0 {
			return simulate(ctx, s, g, out)
		}
		return train(ctx, s, g, out)
	}))
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
