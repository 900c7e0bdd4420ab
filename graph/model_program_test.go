package graph

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// A linear is a dense layer with an activation; this package can't import layers.
type linear struct {
	units      int
	activation func(Node) Node
}

func (l linear) Emit(s *Scope, x Node) Node {
	y := x.MatMul(s.Param("weight", GlorotUniform, x.Dim(-1), l.units)).Add(s.Param("bias", Zeros, l.units))
	return l.activation(y)
}

// TestProgramIsFused checks the ops of a training step: one for each matrix product, which also computes the bias, the
// activation or the activation's derivative, and one for each chain of element-wise functions. No op computes the gradient
// by the network's input.
func TestProgramIsFused(t *testing.T) {
	net := LayerFunc(func(s *Scope, x Node) Node {
		for _, l := range []Layer{linear{8, Node.Tanh}, linear{7, Node.ReLU}, linear{5, Node.Sigmoid}} {
			x = s.Apply(l, x)
		}
		return x
	})
	loss := LossFunc(func(pred, target Node) Node {
		z, _ := pred.Logits()
		return z.Softplus().Sub(z.Mul(target)).Mean()
	})
	m, err := Compile(net, Config{Input: []int{9}, Loss: loss, Optimizer: still{}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.program(context.Background(), programKey{mode: trainMode, batch: 4, targets: "[5]", choice: m.store.choice.Load()})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, o := range p.Ops() {
		kind, _, _ := strings.Cut(fmt.Sprintf("%T %v", o.Def, o.Def), " act")
		if kind = strings.TrimPrefix(kind, "ops."); !strings.HasPrefix(kind, "Slice") { // views of ProductSums
			got[kind]++
		}
	}
	want := map[string]int{
		"Affine MatMul bias=true":    3, // forward, the last one without its Sigmoid
		"Affine MatMul·ᵀ bias=false": 2, // gradients by the inputs of the second and the third product, times tanh' and relu'
		"ProductSums":                3, // gradients by the weights and the biases
		"Reduce Sum[0:2]":            1, // the loss
		"Chain 2 = Logistic":         1,
	}
	for kind, n := range want {
		found := 0
		for g, k := range got {
			if strings.HasPrefix(g, kind) {
				found += k
			}
		}
		if found != n {
			t.Errorf("%s: got %d, want %d in %v", kind, found, n, got)
		}
	}
	if total := len(got); total > 10 {
		t.Errorf("got %d kinds of ops, want at most 10: %v", total, got)
	}
}

// A still optimizer changes nothing.
type still struct{}

func (still) Rate() float64            { return 0 }
func (still) Slots() int               { return 0 }
func (still) Update32(Update[float32]) {}
func (still) Update64(Update[float64]) {}
