// Command cartpole learns to balance a pole on a cart by trying, with one of two agents: the policy gradient with a critic, or
// Q-learning with a replay memory and a target network.
//
//	go run ./experiments/cartpole                        # policy gradient
//	go run ./experiments/cartpole -agent dqn -seeds 5    # Q-learning, seeds 1 to 5
//	go run ./experiments/cartpole -help
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program; it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	s := settings{Agent: agents()}
	var flags *flag.FlagSet
	return lab.Experiment{
		Name:    "cartpole",
		About:   "learns to balance a pole on a cart.",
		Options: lab.Options{Train: 800, Valid: 100, Seed: 1, Out: "cartpole-out"},
		Files:   []string{curves, actions, lab.Weights},
		Flags: func(f *flag.FlagSet) {
			flags = f
			f.Var(s.Agent, "agent", s.Agent.Names()+": policy gradient, or Q-learning with a network")
			f.IntVar(&s.Seeds, "seeds", 1, "number of agents to train, each from scratch; the first has the seed -seed, the next -seed plus 1")
			f.IntVar(&s.Batch, "batch", 64, "transitions per step of training")
			f.Float64Var(&s.LR, "lr", 0, "learning rate (default 0.001 for policy, whose critic has three times the rate, 0.0003 for dqn)")
			f.Float64Var(&s.Goal, "goal", 0, "mean return of 100 episodes at which training ends (default 475 for policy, 195 for dqn)")
		},
		Check:   func() error { return s.check(flags) },
		Run:     func(l *lab.Lab) (any, error) { return cartpole(l, s) },
		Samples: "episodes",
		Without: []string{"batch", "epochs", "patience", "lr"},
	}.Main(args, stdout, stderr)
}

// settings are the flags of this experiment only.
type settings struct {
	Agent *choose.Flag[maker] `json:"agent"`
	Seeds int                 `json:"seeds"`
	Batch int                 `json:"batch"`
	LR    float64             `json:"lr"`   // by default that of the agent
	Goal  float64             `json:"goal"` // by default that of the agent
}

// A result is what -json prints.
type result struct {
	settings
	Solved      float64  `json:"solved"`       // fraction of the seeds that reach the goal
	Episodes    float64  `json:"episodes"`     // mean number of episodes of training
	ValidReturn float64  `json:"valid_return"` // mean return without exploration, after training
	Seconds     float64  `json:"seconds"`
	Interrupted bool     `json:"interrupted,omitempty"`
	Runs        []course `json:"runs"`
}

// A course is the training of one agent.
type course struct {
	Seed        uint64  `json:"seed"`
	Solved      bool    `json:"solved"`       // the mean return of the last 100 episodes is the goal or more
	Episodes    int     `json:"episodes"`     // number of episodes of training
	Steps       int     `json:"steps"`        // number of steps in these episodes
	Return      float64 `json:"return"`       // mean return of the last 100 episodes
	ValidReturn float64 `json:"valid_return"` // mean return without exploration, after training
	returns     []float64
}

// cartpole is the recipe.
func cartpole(l *lab.Lab, s settings) (*result, error) {
	begin, r := time.Now(), &result{settings: s}
	ctx := context.WithoutCancel(l.Context) // Ctrl-C ends training after an episode, not in it
	var first agent
	for i := 0; i < s.Seeds && (i == 0 || l.Context.Err() == nil); i++ {
		c := course{Seed: l.Seed + uint64(i)}
		rng := rand.New(rand.NewPCG(c.Seed, 1))
		a, err := s.Agent.Value().make(options{seed: c.Seed, rate: s.LR, batch: s.Batch}, rng)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = a
			fmt.Fprintf(l.Stdout, "%v\n", a.model())
		}

		// Train: the agent learns from each step of its episodes. The return of an episode is its number of steps.
		for ; c.Episodes < l.Train && !c.Solved && l.Context.Err() == nil; c.Episodes++ {
			steps, err := play(ctx, a, rng, true)
			if err != nil {
				return nil, err
			}
			c.Steps += steps
			c.returns = append(c.returns, float64(steps))
			c.Return = recent(c.returns)
			c.Solved = len(c.returns) >= window && c.Return >= s.Goal
		}

		// Test: always the better action.
		for range l.Valid {
			steps, err := play(ctx, a, rng, false)
			if err != nil {
				return nil, err
			}
			c.ValidReturn += float64(steps) / float64(l.Valid)
		}
		fmt.Fprintf(l.Stdout, "seed %d: %d episodes of %d steps, mean return %.1f in the last %d, solved: %v; %.1f without exploration\n",
			c.Seed, c.Episodes, c.Steps, c.Return, window, c.Solved, c.ValidReturn)
		r.add(c)
	}
	r.Interrupted, r.Seconds = l.Context.Err() != nil, time.Since(begin).Seconds()

	// Show.
	return r, r.show(l, first)
}

// play plays an episode and returns its number of steps. If learn is true, the agent explores, and learns from each step.
func play(ctx context.Context, a agent, rng *rand.Rand, learn bool) (steps int, err error) {
	for t := (transition{to: start(rng)}); !t.end; steps++ {
		t.from = t.to
		scores, err := a.score(ctx, t.from)
		if err != nil {
			return 0, err
		}
		if t.action = better(scores); learn {
			t.action = a.explore(scores)
		}
		t.to = t.from.push(t.action)
		t.fallen = t.to.fallen()
		t.end = t.fallen || steps+1 == limit
		if learn {
			if err := a.learn(ctx, t); err != nil {
				return 0, err
			}
		}
	}
	return steps, nil
}
