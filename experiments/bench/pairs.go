package main

import (
	"context"
	"fmt"
	"os"
	"slices"
)

// A side measures one engine: one figure or several.
type side func(context.Context) ([]figure, error)

// A job is a pair of sides. theirs is nil if the other engine is not installed.
type job struct {
	name         string
	ours, theirs side
}

// A comparison contains the figures of one row of a table, pair by pair.
type comparison struct {
	label        string
	ours, theirs []float64
	note         string // why the other engine has no figures
}

// A referee decides which pairs count: only those during which the cores stay as far apart as they are. On a virtual machine they may
// move: a line of cache then takes seven times as long from one core to another, and two threads are slower by up to a half.
type referee struct {
	trip      func() float64 // round trip of a cache line in nanoseconds; 0 if unknown
	low, high float64        // of the pairs that count
}

// fair reports whether a pair counts, from the round trips before, between and after its runs. Unknown ones, 0, are left out.
func (r *referee) fair(trips ...float64) bool {
	known := slices.DeleteFunc(slices.Clone(trips), func(ns float64) bool { return ns == 0 })
	if len(known) == 0 {
		return true
	}
	low, high := slices.Min(known), slices.Max(known)
	if high > 2*low {
		return false
	}
	if r.low == 0 || low < r.low {
		r.low = low
	}
	r.high = max(r.high, high)
	return true
}

// compare runs a job in n pairs, with either side first in turn. Unfair pairs run again, up to 2n times; if none was fair, it is an
// error.
func compare(ctx context.Context, j job, n int, r *referee) ([]comparison, error) {
	if j.theirs == nil {
		j.theirs = func(context.Context) ([]figure, error) { return nil, nil }
	}
	var rows []comparison
	done := 0
	for try := 0; done < n && try < 3*n; try++ {
		fmt.Fprintf(os.Stderr, "%s: pair %d of %d\n", j.name, done+1, n)
		var ours, theirs []figure
		order := []func() error{
			func() (err error) { ours, err = j.ours(ctx); return err },
			func() (err error) { theirs, err = j.theirs(ctx); return err },
		}
		if done%2 == 1 {
			slices.Reverse(order)
		}
		trips := []float64{r.trip()}
		for _, run := range order {
			if err := run(); err != nil {
				return nil, err
			}
			trips = append(trips, r.trip())
		}
		if r.fair(trips...) {
			rows = add(rows, ours, theirs)
			done++
		} else {
			fmt.Fprintf(os.Stderr, "%s: the cores moved\n", j.name)
		}
	}
	if done == 0 {
		return nil, fmt.Errorf("%s: got cores that moved during each of %d pairs, want one pair in which they stay", j.name, 3*n)
	}
	return rows, nil
}

// add appends the figures of a pair to the rows, which are in the order of ours. A figure of theirs alone is left out.
func add(rows []comparison, ours, theirs []figure) []comparison {
	for _, o := range ours {
		at := slices.IndexFunc(rows, func(c comparison) bool { return c.label == o.label })
		if at < 0 {
			at = len(rows)
			rows = append(rows, comparison{label: o.label})
		}
		c := &rows[at]
		c.ours = append(c.ours, o.value)
		for _, t := range theirs {
			switch {
			case t.label != o.label:
			case t.note != "":
				c.note = t.note
			default:
				c.theirs = append(c.theirs, t.value)
			}
		}
	}
	return rows
}

// median returns the median of a list, the upper one of an even number of elements.
func median(list []float64) float64 { return slices.Sorted(slices.Values(list))[len(list)/2] }
