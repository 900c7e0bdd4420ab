package main

import (
	"context"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

const (
	capacity = 100000 // transitions in the memory
	patience = 500    // transitions before the first step of training
	settling = 5000   // transitions in which the fraction of random actions falls from 1 to curiosity

	curiosity = 0.02 // fraction of random actions
	follow    = 0.01 // fraction by which the target network approaches the trained one in each step
)

// A dqn learns the value of each action (Mnih et al. 2015, "Human-level control through deep reinforcement learning"): the reward
// and the value of the best action after it, as a second network estimates it, which follows the first one slowly.
type dqn struct {
	actor
	learner *graph.Model  // the value of the action that was chosen
	best    *graph.Model  // the value of the best action, by the target network
	target  *graph.Params // of best
	rng     *rand.Rand

	memory                     []transition // the last ones
	seen                       int          // number of transitions so far
	from, to, actions, returns *graph.Tensor
	logs                       graph.Logs
}

func newDQN(o options, rng *rand.Rand) (agent, error) {
	dense := func(units int) layers.Dense { return layers.Dense{Units: units, KernelInit: graph.HeUniform} }
	values := layers.Named("values", layers.Sequential{dense(64), layers.ReLU{}, dense(64), layers.ReLU{}, dense(2)})
	chosen := func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(values, x).GatherElements(1, s.Input("action"))
	}
	learner, err := graph.Compile(graph.LayerFunc(chosen), graph.Config{
		Input: []int{4}, Inputs: map[string][]int{"action": {1}}, Seed: o.seed,
		Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: o.rate},
	})
	if err != nil {
		return nil, err
	}
	player, err := learner.Sub("values")
	if err != nil {
		return nil, err
	}
	target := graph.NewParams(o.seed) // the same values as those of the learner
	largest := func(s *graph.Scope, x graph.Node) graph.Node { return s.Apply(values, x).Max(1).Expand(1) }
	best, err := graph.Compile(graph.LayerFunc(largest), graph.Config{Params: target, Input: []int{4}})
	if err != nil {
		return nil, err
	}
	n := o.batch
	return &dqn{
		actor: newActor(player), learner: learner, best: best, target: target, rng: rng, logs: graph.Logs{},
		from: matrix(n, 4), to: matrix(n, 4), actions: matrix(n, 1), returns: matrix(n, 1),
	}, nil
}

// explore implements agent: some actions are random, the others are the better ones.
func (d *dqn) explore(scores []float32) int {
	if random := 1 - (1-curiosity)*float64(d.seen)/settling; d.rng.Float64() < max(random, curiosity) {
		return d.rng.IntN(2)
	}
	return better(scores)
}

// learn implements agent: it stores the transition, and takes a step on a random batch of those in the memory.
func (d *dqn) learn(ctx context.Context, t transition) error {
	if len(d.memory) < capacity {
		d.memory = append(d.memory, t)
	} else {
		d.memory[d.seen%capacity] = t
	}
	if d.seen++; d.seen < patience {
		return nil
	}
	returns, picked := d.returns.Float32s(), make([]transition, d.from.Shape()[0])
	for i := range picked {
		picked[i] = d.memory[d.rng.IntN(len(d.memory))]
		picked[i].from.put(d.from, i)
		picked[i].to.put(d.to, i)
		d.actions.Float32s()[i] = float32(picked[i].action)
	}
	if err := d.best.PredictInto(ctx, d.returns, d.to); err != nil {
		return err
	}
	for i, t := range picked {
		if t.fallen {
			returns[i] = 0
		}
		returns[i] = 1 - discount + discount*returns[i]
	}
	batch := graph.Batch{X: d.from, Y: d.returns, Inputs: map[string]*graph.Tensor{"action": d.actions}}
	if err := d.learner.StepInto(ctx, d.logs, batch); err != nil {
		return err
	}
	return d.target.Blend(d.learner.Params(), follow)
}
