package graph

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Matches reports whether a pattern stands for a parameter, given the parameter's full name, such as
// "encoder/dense1/weight". The pattern is one of path.Match, in which * and ? do not match a slash. It stands for a parameter if
// it matches the full name, or the name of a layer that the parameter is below: "encoder", "encoder/*" and "enc*" stand for all
// parameters of the layer encoder, "*/dense1" and "*/*/weight" for encoder/dense1/weight among others, and "*" for every
// parameter. A malformed pattern stands for none.
func Matches(pattern, name string) bool {
	if !strings.ContainsAny(pattern, `*?[\`) {
		return pattern != "" && strings.HasPrefix(name, pattern) && (len(name) == len(pattern) || name[len(pattern)] == '/')
	}
	end := -1 // of the elements of name that the pattern must match
	for range strings.Count(pattern, "/") + 1 {
		if end == len(name) {
			return false // the name has fewer elements
		}
		if i := strings.IndexByte(name[end+1:], '/'); i >= 0 {
			end += 1 + i
		} else {
			end = len(name)
		}
	}
	ok, err := path.Match(pattern, name[:end])
	return ok && err == nil
}

// checkPattern returns an error if Matches cannot use the pattern.
func checkPattern(pattern string) error {
	if pattern == "" {
		return errors.New("got an empty pattern, want a pattern of names, such as \"encoder\"")
	}
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("got %.64q, want a pattern as in path.Match", pattern)
	}
	return nil
}

// checkParams asks the optimizers that check the parameters which they train.
func (s *store) checkParams(o Optimizer) error {
	for _, c := range optimizersAs[ParamChecker](o) {
		shapes := map[string][]int{}
		for _, p := range s.list {
			if p.trained && !p.excluded {
				shapes[p.name] = slices.Clone(p.shape)
			}
		}
		if err := c.CheckParams(shapes); err != nil {
			return fmt.Errorf("graph: Compile: %w", err)
		}
	}
	return nil
}

// exclude excludes the parameters that no pattern matches from training, if there are patterns.
func (s *store) exclude(patterns []string) error {
	if len(patterns) == 0 {
		return nil
	}
	for _, p := range s.list {
		p.excluded = true
	}
	for i, pattern := range patterns {
		if err := checkPattern(pattern); err != nil {
			return fmt.Errorf("graph: Compile: Config.Train: element %d: %w", i, err)
		}
		found := false
		for _, p := range s.list {
			if Matches(pattern, p.name) {
				p.excluded, found = false, true
			}
		}
		if !found {
			var names []string
			for _, p := range s.list {
				names = append(names, p.name)
			}
			return fmt.Errorf("graph: Compile: Config.Train: got %.64q, which matches no parameter, want patterns of %s", pattern, enumerate(names))
		}
	}
	return nil
}
