// Command pretrain trains the networks that the page opens with, and writes their weights:
//
//	NNDIY_CPU=generic go run ./experiments/playground/internal/nets/pretrain
//
// The bits of the files depend only on the seed if the portable kernels compute them, so it refuses to run with others.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/atomicfile"
	"github.com/nndiy/nndiy/internal/kernels"
)

func main() {
	dir := flag.String("o", "experiments/playground/site/data", "`folder` to write to")
	only := flag.String("only", "", "`name` of the only network to train")
	steps := flag.Int("steps", 0, "stop after this `number` of steps; 0 means all")
	flag.Parse()
	if err := pretrain(*dir, *only, *steps, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// pretrain trains the tasks and writes a file for each.
func pretrain(dir, only string, steps int, out io.Writer) error {
	if got := kernels.Best(); got != kernels.Generic {
		return fmt.Errorf("pretrain: kernels: got %v, want generic: set NNDIY_CPU=generic", got)
	}
	data, err := load()
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if only != "" && only != t.name {
			continue
		}
		if err := t.run(data, dir, steps, out); err != nil {
			return fmt.Errorf("pretrain: %s: %w", t.name, err)
		}
	}
	return nil
}

// run trains one network and writes its weights.
func (t task) run(data *data, dir string, steps int, out io.Writer) error {
	model, err := graph.Compile(t.net, t.config)
	if err != nil {
		return err
	}
	if steps == 0 {
		steps = t.steps
	}
	set, rng := t.data(data), rand.New(rand.NewPCG(t.config.Seed, 0))
	for step := 0; step < steps; {
		for batch, err := range set.Batches(t.batch, rng) {
			if err != nil {
				return err
			}
			if err := model.SetRate(t.rate(step)); err != nil {
				return err
			}
			logs, err := model.Step(context.Background(), batch)
			if err != nil {
				return err
			}
			if step++; step%250 == 0 {
				fmt.Fprintf(out, "%s: step %d of %d: loss %.4f\n", t.name, step, steps, logs["loss"])
			}
			if step == steps {
				break
			}
		}
	}
	weights := model.Weights()
	if t.extend != nil {
		if err := t.extend(data, model, weights); err != nil {
			return err
		}
	}
	return atomicfile.Write(filepath.Join(dir, t.name+".safetensors"), func(w io.Writer) error {
		return graph.WriteWeights(w, weights, map[string]string{"steps": fmt.Sprint(steps), "seed": fmt.Sprint(t.config.Seed)})
	})
}
