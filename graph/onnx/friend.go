package onnx

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/internal/friend"
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// What package graph keeps from its users; see package friend.
var (
	expression = friend.Expression.(func(m *graph.Model, batch int, shapes [][]int) (*ops.Expression, error))
	probes     = friend.Probes.(func(m *graph.Model) [][][]int)
	apart      = friend.Apart.(func(net graph.Layer, cfg graph.Config) bool)
	learns     = friend.Learns.(func(s *graph.Scope) bool)
	unaryNode  = friend.Unary.(func(x graph.Node, c ops.Code) graph.Node)
	at         = friend.At.(func(s *graph.Scope, place string, f func() graph.Node) graph.Node)
	limited    = friend.Limited.(func(s *graph.Scope, text, data int, hint string, f func(size int) graph.Node) graph.Node)
)
