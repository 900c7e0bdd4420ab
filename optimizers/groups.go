package optimizers

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Groups trains different parameters by different rules: each parameter by the rule of the first group that matches its name.
//
//	optimizers.Groups{
//		{Match: "encoder", Factor: 0.1}, // the rule of the last group at a tenth of its rate
//		{Match: "embedding", Optimizer: optimizers.SGD{LearningRate: 0.1}},
//		{Match: "*", Optimizer: optimizers.AdamW{}},
//	}
//
// The learning rate of the model, which schedules change, is that of the last group; those of the others keep their ratio to it.
// A parameter that no group matches and a pattern that matches no parameter are errors of Compile. Every parameter has as many
// state tensors as the rule that needs the most. Clip and EMA stand around Groups, not inside a group.
type Groups []Group

// A Group is some parameters and their rule.
type Group struct {
	Match     string          // pattern of the parameters' names, as in graph.Matches: "encoder" is everything below that layer
	Optimizer graph.Optimizer // nil means that of the last group
	Factor    float64         // of the learning rate; 0 means 1
}

var (
	_ rule               = Groups{}
	_ graph.WholeUpdater = Groups{}
	_ graph.ParamChecker = Groups{}
)

// Rate implements graph.Optimizer: the rate of the last group.
func (g Groups) Rate() float64 {
	if len(g) == 0 {
		return 0
	}
	last := len(g) - 1
	return g.rule(last).Rate() * settings.Or(g[last].Factor, 1)
}

// Slots implements graph.Optimizer.
func (g Groups) Slots() int {
	most := 0
	for i := range g {
		most = max(most, g.rule(i).Slots())
	}
	return most
}

// Update32 implements graph.Optimizer.
func (g Groups) Update32(u graph.Update[float32]) {
	rule, rate := g.of(u.Name)
	u.Rate, u.Slots = u.Rate*rate, u.Slots[:rule.Slots()]
	scaled(rule, u, rule.Update32)
}

// Update64 implements graph.Optimizer.
func (g Groups) Update64(u graph.Update[float64]) {
	rule, rate := g.of(u.Name)
	u.Rate, u.Slots = u.Rate*rate, u.Slots[:rule.Slots()]
	scaled(rule, u, rule.Update64)
}

// ScalesGrad implements graph.GradScaler: if a group's rule does not scale gradients, Groups does it for it.
func (Groups) ScalesGrad() {}

// Whole implements graph.WholeUpdater: the parameter's group decides.
func (g Groups) Whole(name string, shape []int) bool {
	rule, _ := g.of(name)
	return needsWhole(rule, name, shape)
}

// rule returns the rule of group i.
func (g Groups) rule(i int) graph.Optimizer {
	if o := g[i].Optimizer; o != nil {
		return o
	}
	return ruleOf(g[len(g)-1].Optimizer)
}

// of returns the rule of a parameter, and its learning rate as a multiple of the model's.
func (g Groups) of(name string) (graph.Optimizer, float64) {
	if len(g) == 0 {
		return noRule{}, 1
	}
	i, last := g.index(name), len(g)-1
	if i == last {
		return g.rule(i), 1
	}
	return g.rule(i), settings.Or(g[i].Factor, 1) * g.rule(i).Rate() / g.Rate()
}

// index returns the first group that matches a parameter; the last if none does, of an Update without a name.
func (g Groups) index(name string) int {
	for i := range g {
		if graph.Matches(g[i].Match, name) {
			return i
		}
	}
	return len(g) - 1
}

// CheckParams implements graph.ParamChecker.
func (g Groups) CheckParams(shapes map[string][]int) error {
	names := slices.Sorted(maps.Keys(shapes))
	of := make([]map[string][]int, len(g)) // the parameters of each group
	for _, name := range names {
		if !slices.ContainsFunc(g, func(group Group) bool { return graph.Matches(group.Match, name) }) {
			return fmt.Errorf("optimizers: Groups: got parameter %q, which no group matches, want a last group that matches \"*\"", name)
		}
		i := g.index(name)
		if of[i] == nil {
			of[i] = map[string][]int{}
		}
		of[i][name] = shapes[name]
	}
	for i, group := range g {
		if !slices.ContainsFunc(names, func(name string) bool { return graph.Matches(group.Match, name) }) {
			return fmt.Errorf("optimizers: Groups: group %d: Match: got %q, which matches none of the parameters %s", i, group.Match, strings.Join(names, ", "))
		}
		for o := range inside(g.rule(i)) {
			if c, ok := o.(graph.ParamChecker); ok && of[i] != nil {
				if err := c.CheckParams(of[i]); err != nil {
					return fmt.Errorf("optimizers: Groups: group %d: %s", i, strings.TrimPrefix(err.Error(), "optimizers: "))
				}
			}
		}
	}
	return nil
}

// Validate returns an error that names the first setting outside its range.
func (g Groups) Validate() error {
	if len(g) == 0 || g[len(g)-1].Optimizer == nil {
		return errors.New("optimizers: Groups: got no last group with an Optimizer, want one, such as {Match: \"*\", Optimizer: optimizers.AdamW{}}")
	}
	for i, group := range g {
		if err := group.validate(); err != nil {
			return fmt.Errorf("optimizers: Groups: group %d: %s", i, strings.TrimPrefix(err.Error(), "optimizers: "))
		}
	}
	if rate := g.Rate(); !(rate > 0) {
		return fmt.Errorf("optimizers: Groups: got the learning rate %v of the last group, want more than 0", rate)
	}
	return nil
}

func (g Group) validate() error {
	if _, err := path.Match(g.Match, ""); err != nil || g.Match == "" {
		return fmt.Errorf("Match: got %q, want a pattern as in path.Match", g.Match)
	}
	if err := settings.Check(settings.AtLeast("Factor", g.Factor, 0)); err != nil {
		return err
	}
	for o := range inside(g.Optimizer) {
		if c, ok := o.(graph.Clipper); ok && c.Clip() != (graph.Clipping{}) {
			return errors.New("Optimizer: got one that clips gradients, want Clip around Groups")
		}
		if a, ok := o.(graph.Averager); ok && a.Average() >= 0 {
			return errors.New("Optimizer: got one that averages the weights, want EMA around Groups")
		}
		if v, ok := o.(graph.Validator); ok {
			if err := v.Validate(); err != nil {
				return err
			}
		}
	}
	return nil
}
