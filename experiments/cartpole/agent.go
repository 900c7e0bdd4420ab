package main

import (
	"context"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/graph"
)

// An agent chooses actions and learns from what they do.
type agent interface {
	score(ctx context.Context, s state) ([]float32, error) // a score of each action, the higher the better; valid until the next call
	explore(scores []float32) int                          // an action in training, given the scores
	learn(ctx context.Context, t transition) error         // learns from a step; the steps of an episode come in order
	model() *graph.Model                                   // maps states, (batch, 4), to scores, (batch, 2)
}

// A maker makes agents.
type maker struct {
	make func(o options, rng *rand.Rand) (agent, error)
	goal float64 // default of the flag -goal
	rate float64 // default of the flag -lr
}

// agents returns the flag that chooses an agent.
func agents() *choose.Flag[maker] {
	return choose.Of(
		choose.Option[maker]{Name: "policy", Value: maker{newPolicy, 475, 1e-3}},
		choose.Option[maker]{Name: "dqn", Value: maker{newDQN, 195, 3e-4}},
	)
}

// options are the settings of an agent.
type options struct {
	seed  uint64
	rate  float64 // learning rate
	batch int     // transitions in a step of training
}

// A transition is a step of an episode.
type transition struct {
	from, to state
	action   int
	fallen   bool // in to; no return follows
	end      bool // of the episode
}

// The rewards are 1-discount for each step. So the values, which are sums of discounted rewards, are between 0 and 1, and 1 is the
// value of a pole that never falls.
const discount = 0.99

// An actor computes scores with a model.
type actor struct {
	net        *graph.Model
	in, scores *graph.Tensor
}

func newActor(m *graph.Model) actor { return actor{m, matrix(1, 4), matrix(1, 2)} }

func (a actor) model() *graph.Model { return a.net }

func (a actor) score(ctx context.Context, s state) ([]float32, error) {
	s.put(a.in, 0)
	err := a.net.PredictInto(ctx, a.scores, a.in)
	return a.scores.Float32s(), err
}

// better returns the action with the higher score.
func better(scores []float32) int {
	if scores[1] > scores[0] {
		return 1
	}
	return 0
}

// matrix returns a tensor of zeros.
func matrix(shape ...int) *graph.Tensor {
	return tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))
}

// put stores the state in a row of x.
func (s state) put(x *graph.Tensor, row int) {
	for i, v := range s {
		x.Float32s()[row*len(s)+i] = float32(v)
	}
}
