package parallel_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/parallel"
)

// together calls f for each rank of a group and returns when all have returned.
func together(t *testing.T, n int, f func(g graph.Group) error) {
	t.Helper()
	var wait sync.WaitGroup
	for rank, g := range parallel.Local(n, 0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			defer g.Close()
			if err := f(g); err != nil {
				t.Errorf("rank %d of %d: %v", rank, n, err)
			}
		}()
	}
	wait.Wait()
}

// leaf returns the vector of a leaf of the tree.
func leaf[T graph.Float](i, n int) []T {
	rng := rand.New(rand.NewPCG(uint64(i), 5))
	x := make([]T, n)
	for j := range x {
		x[j] = T(rng.NormFloat64() * math.Pow(10, float64(rng.IntN(8))))
	}
	return x
}

// tree returns the sum of the leaves from lo to hi-1.
func tree[T graph.Float](lo, hi, n int) []T {
	if hi-lo == 1 {
		return leaf[T](lo, n)
	}
	a, b := tree[T](lo, (lo+hi)/2, n), tree[T]((lo+hi)/2, hi, n)
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// TestSum: the sum has the bits of a binary tree on every rank, for short and long vectors of any length.
func TestSum(t *testing.T) {
	ctx := context.Background()
	for _, n := range []int{0, 1, 2, 7, 4096, 4097, 10007} {
		for _, size := range []int{1, 2, 4, 8} {
			single, double := tree[float32](0, size, n), tree[float64](0, size, n)
			together(t, size, func(g graph.Group) error {
				x, y := leaf[float32](g.Rank(), n), leaf[float64](g.Rank(), n)
				if err := parallel.Sum(ctx, g, x); err != nil {
					return err
				}
				if err := parallel.Sum(ctx, g, y); err != nil {
					return err
				}
				for i := range x {
					if x[i] != single[i] || y[i] != double[i] {
						return fmt.Errorf("element %d of %d: got %v and %v, want %v and %v", i, n, x[i], y[i], single[i], double[i])
					}
				}
				return nil
			})
		}
	}
}

// TestGather: messages of all lengths arrive whole and in order; a broadcast is rank 0's.
func TestGather(t *testing.T) {
	ctx := context.Background()
	for _, n := range []int{0, 1, 1015, 1016, 1017, 5000} {
		together(t, 8, func(g graph.Group) error {
			message := func(rank int) string { return strings.Repeat(fmt.Sprint(rank), n*(rank%3)) }
			list, err := parallel.Gather(ctx, g, []byte(message(g.Rank())))
			if err != nil {
				return err
			}
			for rank, m := range list {
				if string(m) != message(rank) {
					return fmt.Errorf("rank %d: got %d bytes, want %d", rank, len(m), len(message(rank)))
				}
			}
			if err := parallel.Barrier(ctx, g); err != nil {
				return err
			}
			m, err := parallel.Broadcast(ctx, g, []byte(strings.Repeat(fmt.Sprint(g.Rank()), n)))
			if err == nil && string(m) != strings.Repeat("0", n) {
				err = fmt.Errorf("broadcast: got %.20q, want zeros", m)
			}
			return err
		})
	}
}

// A silent is a group that a variable of its type may be without.
type silent struct{ graph.Group }

// TestErrors: what cannot work is an error.
func TestErrors(t *testing.T) {
	ctx := context.Background()
	check := func(err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	var none *silent
	for _, g := range []graph.Group{nil, none} {
		check(parallel.Sum(ctx, g, []float64{1}), "parallel: Sum: got no group, want one")
		check(parallel.Barrier(ctx, g), "parallel: Barrier: got no group")
		_, err := parallel.Gather(ctx, g, nil)
		check(err, "parallel: Gather: got no group")
		_, err = parallel.Broadcast(ctx, g, nil)
		check(err, "parallel: Broadcast: got no group")
	}
	if list := parallel.Local(-1, 0); len(list) > 0 {
		t.Errorf("got %d members of a group of -1, want none", len(list))
	}
	three := parallel.Local(3, 0)
	check(parallel.Barrier(ctx, three[0]), "parallel: Barrier: got a group of size 3, want a power of two")
	check(parallel.Sum(ctx, three[0], []float32{1}), "size 3")
	check(three[0].Exchange(ctx, 0, nil, nil), "got partner 0 for rank 0 of 3")
	two := parallel.Local(2, time.Nanosecond)
	check(two[0].Exchange(ctx, 1, nil, nil), "got nothing from rank 1 within 1ns")
	two = parallel.Local(2, 0)
	two[1].Close()
	check(two[0].Exchange(ctx, 1, nil, nil), "rank 1 has left")
	check(two[1].Exchange(ctx, 0, nil, nil), "closed")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	check(parallel.Local(2, 0)[0].Exchange(ended, 1, nil, nil), "canceled")
	together(t, 2, func(g graph.Group) error {
		err := g.Exchange(ctx, 1-g.Rank(), make([]byte, 1+g.Rank()), make([]byte, 5))
		if err == nil || !strings.Contains(err.Error(), "want 5") {
			return fmt.Errorf("got %v, want an error of the length", err)
		}
		return nil
	})
}

// TestBroken: after an exchange that failed, whatever the reason, there is no sum with the numbers of another turn.
func TestBroken(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	brief := func(g graph.Group, n int) { // the partner sends n bytes and does not wait long for an answer
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		_ = g.Exchange(ctx, 0, make([]byte, n), make([]byte, n))
	}
	for _, c := range []struct {
		name    string
		timeout time.Duration
		ctx     context.Context
		before  func(partner graph.Group)
		want    string
	}{
		{"timeout", time.Millisecond, context.Background(), func(graph.Group) {}, "got nothing from rank 1 within 1ms"},
		{"context", 0, ended, func(graph.Group) {}, "context canceled"},
		{"partner has left", 0, context.Background(), func(g graph.Group) { g.Close() }, "rank 1 has left the group"},
		{"length", 0, context.Background(), func(g graph.Group) { brief(g, 5) }, "got 5 bytes from rank 1, want 8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			two := parallel.Local(2, c.timeout)
			c.before(two[1])
			sum := func(ctx context.Context) string { return fmt.Sprint(parallel.Sum(ctx, two[0], []float64{1})) }
			if got := sum(c.ctx); got != "parallel: Sum: parallel: Exchange: "+c.want {
				t.Fatalf("got %v, want %s", got, c.want)
			}
			brief(two[1], 8) // the answer to the sum that failed
			want := "parallel: Sum: parallel: Exchange: an exchange has failed before: " + c.want
			for range 3 {
				if got := sum(context.Background()); got != want {
					t.Errorf("got %v, want %s", got, want)
				}
			}
		})
	}
}
