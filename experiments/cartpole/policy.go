package main

import (
	"context"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// trace is λ of the generalized advantage estimation: 0 trusts the critic, 1 the rewards.
const trace = 0.98

// A policy is an actor, which learns the probabilities of the actions by the policy gradient (Williams 1992, "Simple statistical
// gradient-following algorithms for connectionist reinforcement learning"), and a critic, which learns the values of states.
type policy struct {
	actor
	critic *graph.Model
	rng    *rand.Rand

	recent                             []transition // since the last step of training
	from, to, actions, gain, old, next *graph.Tensor
	target                             *graph.Tensor
	logs                               graph.Logs
}

func newPolicy(o options, rng *rand.Rand) (agent, error) {
	net := func(end ...graph.Layer) layers.Sequential {
		return append(layers.Sequential{layers.Dense{Units: 64}, layers.Tanh{}, layers.Dense{Units: 64}, layers.Tanh{}}, end...)
	}
	// Two models over one set of parameters, which one file can hold.
	params := graph.NewParams(o.seed)
	player, err := graph.Compile(layers.Sequential{layers.Named("actor", net(layers.Dense{Units: 2}, layers.Softmax{}))}, graph.Config{
		Params: params, Input: []int{4},
		Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: o.rate},
	})
	if err != nil {
		return nil, err
	}
	critic, err := graph.Compile(layers.Sequential{layers.Named("critic", net(layers.Dense{Units: 1}))}, graph.Config{
		Params: params, Input: []int{4},
		Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 3 * o.rate},
	})
	if err != nil {
		return nil, err
	}
	n := o.batch
	return &policy{
		actor: newActor(player), critic: critic, rng: rng, logs: graph.Logs{},
		from: matrix(n, 4), to: matrix(n, 4), actions: matrix(n), gain: matrix(n), old: matrix(n, 1), next: matrix(n, 1), target: matrix(n, 1),
	}, nil
}

// explore implements agent: it draws an action with its probability.
func (p *policy) explore(scores []float32) int {
	if p.rng.Float32() < scores[1] {
		return 1
	}
	return 0
}

// learn implements agent: when there are enough transitions, both models take a step. The gradient of the actor is that of
// -log(probability of the action)·gain, so the gain is the weight of a sample of the cross-entropy. It is the advantage of Schulman
// et al. (2016, "High-dimensional continuous control using generalized advantage estimation"): how much better the action was than
// the critic expected, also by the actions that followed.
func (p *policy) learn(ctx context.Context, t transition) error {
	t.from.put(p.from, len(p.recent))
	t.to.put(p.to, len(p.recent))
	if p.recent = append(p.recent, t); len(p.recent) < p.from.Shape()[0] {
		return nil
	}
	if err := p.critic.PredictInto(ctx, p.old, p.from); err != nil {
		return err
	}
	if err := p.critic.PredictInto(ctx, p.next, p.to); err != nil {
		return err
	}
	old, next, gain := p.old.Float32s(), p.next.Float32s(), float32(0)
	for i := len(p.recent) - 1; i >= 0; i-- {
		t := p.recent[i]
		if t.end {
			gain = 0
		}
		if t.fallen {
			next[i] = 0
		}
		gain = 1 - discount + discount*next[i] - old[i] + discount*trace*gain
		p.actions.Float32s()[i], p.gain.Float32s()[i], p.target.Float32s()[i] = float32(t.action), gain, old[i]+gain
	}
	p.recent = p.recent[:0]
	if err := p.net.StepInto(ctx, p.logs, graph.Batch{X: p.from, Y: p.actions, Weight: p.gain}); err != nil {
		return err
	}
	return p.critic.StepInto(ctx, p.logs, graph.Batch{X: p.from, Y: p.target})
}
