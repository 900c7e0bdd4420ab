package graph

import (
	"fmt"
	"slices"
	"strings"
)

// An einsumTerm is a node and the labels of its dimensions: letters, and negative numbers for those of "...".
type einsumTerm struct {
	x      Node
	labels []int
}

// An einsum is a parsed equation.
type einsum struct {
	terms []einsumTerm
	out   []int
	sizes map[int]int
}

func newEinsum(equation string, nodes []Node) (*einsum, error) {
	in, out, arrow := strings.Cut(strings.ReplaceAll(equation, " ", ""), "->")
	parts := strings.Split(in, ",")
	if len(parts) != len(nodes) {
		return nil, fmt.Errorf("got %d nodes for the equation %.100q, want %d", len(nodes), equation, len(parts))
	}
	e := &einsum{sizes: map[int]int{}}
	count, dots := map[int]int{}, 0
	for i, part := range parts {
		labels, err := parseLabels(part, nodes[i].Rank())
		if err != nil {
			return nil, fmt.Errorf("equation %.100q: node %d: %w", equation, i, err)
		}
		for k, l := range labels {
			n := nodes[i].Dim(k)
			if first := slices.Index(labels, l); nodes[i].Dim(first) != n {
				return nil, fmt.Errorf("equation %.100q: node %d: got shape %v, want equal dimensions %d and %d", equation, i, nodes[i].Shape(), first, k)
			}
			if old := e.sizes[l]; old > 1 && n > 1 && n != old {
				return nil, fmt.Errorf("equation %.100q: node %d: got shape %v, want %d for dimension %d as before", equation, i, nodes[i].Shape(), old, k)
			}
			e.sizes[l] = max(e.sizes[l], n)
			count[l]++
			dots = max(dots, -l)
		}
		e.terms = append(e.terms, einsumTerm{nodes[i], labels})
	}
	if !arrow {
		for l := -dots; l < 0; l++ {
			e.out = append(e.out, l)
		}
		for l := 'A'; l <= 'z'; l++ {
			if count[int(l)] == 1 {
				e.out = append(e.out, int(l))
			}
		}
		return e, nil
	}
	letters := len(strings.ReplaceAll(out, "...", ""))
	if strings.Contains(out, "...") {
		letters += dots
	}
	labels, err := parseLabels(out, letters)
	for i, l := range labels {
		if count[l] == 0 {
			err = fmt.Errorf("got the letter %q, want one of a node", rune(l))
		} else if slices.Contains(labels[:i], l) {
			err = fmt.Errorf("got the letter %q twice, want it once", rune(l))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("equation %.100q: result: %w", equation, err)
	}
	e.out = labels
	return e, nil
}

// parseLabels returns the labels of the dimensions of a node: letters, and -n to -1 for the n dimensions of "...".
func parseLabels(term string, rank int) ([]int, error) {
	before, after, dots := strings.Cut(term, "...")
	var labels []int
	for _, c := range before + after {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return nil, fmt.Errorf("got the term %.50q, want letters and at most one ...", term)
		}
		labels = append(labels, int(c))
	}
	if len(labels) > rank || len(labels) < rank && !dots {
		return nil, fmt.Errorf("got the term %.50q of %d letters for %d dimensions", term, len(labels), rank)
	}
	more := make([]int, rank-len(labels))
	for i := range more {
		more[i] = i - len(more)
	}
	return slices.Insert(labels, len(before), more...), nil
}
