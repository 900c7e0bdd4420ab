package program

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// double returns a program that doubles its input of n elements.
func double(t *testing.T, n int) *Program {
	t.Helper()
	g := ops.NewGraph(tensor.Float32)
	x := g.Input("x", []int{n})
	y := g.Must(ops.Map{Code: ops.Scale, A: 2}, x)
	p, err := Compile(Spec{Graph: g, Inputs: []*ops.Node{x}, Outputs: Outputs{Predictions: []*ops.Node{y}}, Env: &ops.Env{}})
	require.NoError(t, err)
	return p
}

// values returns the numbers from 0 to n-1 as float32 or, so that they are converted, as float64.
func values(n int, converted bool) *tensor.Dense {
	single, double := make([]float32, n), make([]float64, n)
	for i := range n {
		single[i], double[i] = float32(i), float64(i)
	}
	if converted {
		return tensor.New(tensor.WithShape(n), tensor.WithBacking(double))
	}
	return tensor.New(tensor.WithShape(n), tensor.WithBacking(single))
}

func run(t *testing.T, p *Program, n int, converted bool) {
	t.Helper()
	require.NoError(t, p.Run(Draw{}, values(n, converted)))
	for i, v := range p.Prediction(0).Float32s() {
		require.Equal(t, float32(2*i), v)
	}
}

// TestCacheSharesMemory: programs of many sizes run one after the other in one memory, and right whatever ran before.
func TestCacheSharesMemory(t *testing.T) {
	c := Cache[int]{Limit: 1 << 30}
	for range 3 {
		for _, n := range []int{1, 100, 7, 1000, 3, 999} {
			for _, converted := range []bool{false, true, true} {
				p := c.Take(n)
				if p == nil {
					p = double(t, n)
					c.Lend(p)
				}
				run(t, p, n, converted)
				c.Put(n, p)
				require.Len(t, c.free, 1)
			}
		}
	}
	require.Less(t, len(c.free[0].words), 2*1000, "words of two elements, for the output and a converted input, with room to grow")
}

// TestCacheTogether: programs that run at once have memory of their own.
func TestCacheTogether(t *testing.T) {
	c := Cache[int]{Limit: 1 << 30}
	a, b := double(t, 50), double(t, 50)
	c.Lend(a)
	c.Lend(b)
	require.NotSame(t, a.memory, b.memory)
	require.NoError(t, a.Run(Draw{}, values(50, false)))
	require.NoError(t, b.Run(Draw{}, tensor.New(tensor.WithShape(50), tensor.WithBacking(make([]float32, 50)))))
	require.Equal(t, float32(98), a.Prediction(0).Float32s()[49])
	c.Put(50, a)
	c.Put(50, b)
	require.Len(t, c.free, 2)
	require.NotNil(t, c.Take(50))
	require.NotNil(t, c.Take(50))
	require.Nil(t, c.Take(50))
}

// TestCacheLimit: the cache drops the programs that were not used for the longest time.
func TestCacheLimit(t *testing.T) {
	size := double(t, 1).bytes
	c := Cache[int]{Limit: 3 * size}
	for _, n := range []int{1, 2, 3, 1, 4} {
		p := c.Take(n)
		if p == nil {
			p = double(t, n)
			c.Lend(p)
		}
		run(t, p, n, false)
		c.Put(n, p)
	}
	require.Nil(t, c.Take(2), "used before 1, 3 and 4")
	for _, n := range []int{1, 3, 4} {
		p := c.Take(n)
		require.NotNil(t, p, n)
		run(t, p, n, true)
		c.Put(n, p)
	}
	require.LessOrEqual(t, c.bytes, c.Limit)
}

// TestCacheForgetsUsers: a memory knows the programs that run in it next, but none that has moved to another memory or that the cache has
// dropped.
func TestCacheForgetsUsers(t *testing.T) {
	size := double(t, 1).bytes
	for together := 1; together <= 3; together++ {
		c := Cache[int]{Limit: 4 * size}
		for i := range 40 {
			var running []*Program
			for n := range together {
				key := (i*7 + n) % 9
				p := c.Take(key)
				if p == nil {
					p = double(t, key+1)
					c.Lend(p)
				}
				run(t, p, key+1, i%2 == 0)
				running = append(running, p)
			}
			for n := range running {
				n = (n + i) % together // in another order each time
				c.Put((i*7+n)%9, running[n])
			}
		}
		cached := map[*Program]bool{c.last: true}
		for _, list := range c.programs {
			for _, p := range list {
				cached[p] = true
			}
		}
		require.LessOrEqual(t, c.bytes, c.Limit)
		for _, m := range c.free {
			for p := range m.users {
				require.True(t, cached[p], "%d at once: a memory keeps a program that the cache has dropped", together)
				require.Same(t, m, p.memory, "%d at once: a memory keeps a program that has moved to another", together)
			}
		}
	}
}
