package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// further are the changes for points that settle may add. What is behind strides hardly varies with the size, so they grow.
var further = func() (list []change) {
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 17, 19, 23, 29, 37, 41, 53, 67, 89, 113, 151, 199, 263, 347, 461, 613} {
		list = append(list, change{1, n})
	}
	for n := 2; n <= 12; n++ {
		list = append(list, change{n, 0})
	}
	return list
}()

// settle adds points at which the padding of a convolution or a pooling follows only one rule. At the points so far, all of its inputs may
// have the same remainder by its stride, as behind another stride: then a padding that depends on the size looks like a fixed one. If
// no size tells them apart, it is fixed for all sizes that the network takes.
func settle(m *graph.Model, known [][][]int, points []point, list []*ops.Expression) ([]point, []*ops.Expression) {
	var all [][]slide // of each graph
	for _, e := range list {
		all = append(all, slidesOf(e.Nodes()))
	}
	open := undecided(all)
	for _, c := range further {
		if open == 0 || len(points) == len(batches) {
			break
		}
		next := pointsOf(known, []change{c})
		if next == nil {
			continue
		}
		next[0].batch = batches[len(points)]
		e, err := expression(m, next[0].batch, next[0].shapes)
		if err != nil || len(e.Nodes()) != len(list[0].Nodes()) {
			continue
		}
		more := append(slices.Clip(all), slidesOf(e.Nodes()))
		if n := undecided(more); n < open {
			open, all = n, more
			points, list = append(points, next[0]), append(list, e)
		}
	}
	return points, list
}

// A slide is a convolution or a pooling whose padding a file may describe by a rule.
type slide struct {
	windows []kernels.PoolWindow
	pool    bool
}

// slidesOf returns the slides among nodes, also those in loops.
func slidesOf(nodes []*ops.Node) (list []slide) {
	for _, n := range nodes {
		o := ops.Of(n)
		if o == nil {
			continue
		}
		switch d := o.Def.(type) {
		case *ops.Scan:
			list = append(list, slidesOf(ops.Needed(slices.Concat(d.Next, d.Outs)...))...)
		case ops.Pool:
			list = append(list, slide{windowsOf(d), true})
		case ops.Conv:
			if d.Part == ops.ConvForward {
				list = append(list, slide{windowsOf(d), false})
			}
		}
	}
	return list
}

// undecided returns the number of slides whose padding is the same at all points, and yet follows a rule that changes it at others.
func undecided(all [][]slide) (count int) {
	for i, s := range all[0] {
		var at [][]kernels.PoolWindow
		for _, list := range all {
			if len(list) != len(all[0]) {
				return 0 // different operations, which are an error later
			}
			at = append(at, list[i].windows)
		}
		fixed, same, ceil := rulesOf(at)
		for k, v := range s.windows {
			varies := slices.ContainsFunc(at, func(list []kernels.PoolWindow) bool { return list[k].In != v.In })
			if fixed && varies && v.Stride > 1 && v.Bins == 0 && (same && v.Extent() > 1 || s.pool && ceil && v.Extent()-v.After > 1) {
				count++
				break
			}
		}
	}
	return count
}
