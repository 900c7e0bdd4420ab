package ops

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A rowBody makes random loops that keep rows apart. Its choices depend on the seed, not on the number of rows.
type rowBody struct {
	g          *Graph
	rng        *rand.Rand
	rows       int
	transposes bool // some products have a transposed right factor
	inputs     []*Node
	weights    map[[2]int]*Node
	vectors    map[int]*Node
	column     *Node   // (rows, 1)
	all        []*Node // the values so far
}

// input adds an input.
func (r *rowBody) input(shape ...int) *Node {
	n := r.g.Input(fmt.Sprint("in", len(r.inputs)), shape)
	r.inputs = append(r.inputs, n)
	return n
}

// product multiplies x by a weight, which may be transposed.
func (r *rowBody) product(x *Node, width int) *Node {
	key, tb := [2]int{Shape(x)[1], width}, r.rng.IntN(3) == 0 && r.transposes
	if tb {
		key[0], key[1] = key[1], key[0]
	}
	if r.weights[key] == nil {
		r.weights[key] = r.input(key[0], key[1])
	}
	return r.g.mc(Scale, r.g.Must(MatMul{TB: tb}, x, r.weights[key]), 0.3)
}

// pick returns a value of the given width.
func (r *rowBody) pick(width int) *Node {
	fit := slices.DeleteFunc(slices.Clone(r.all), func(n *Node) bool { return Shape(n)[1] != width })
	return fit[r.rng.IntN(len(fit))]
}

// value adds a random operation on values of the given width.
func (r *rowBody) value(width int) *Node {
	g := r.g
	switch r.rng.IntN(13) {
	case 0, 1:
		return g.m2(Add, r.pick(width), r.pick(width))
	case 2:
		return g.m2(Mul, r.pick(width), g.m1(Tanh, r.pick(width)))
	case 3:
		return g.m1(Sigmoid, r.pick(width))
	case 4, 5:
		return r.product(r.pick(r.width()), width)
	case 6:
		x := r.product(r.pick(width), 2*width)
		return g.m2(Sub, g.Must(Slice{1, 0, width}, x), g.m1(Tanh, g.Must(Slice{1, width, 2 * width}, x)))
	case 7:
		x := g.Must(Concat{Axis: 1}, g.m1(Neg, r.pick(width)), r.pick(width))
		if r.rng.IntN(2) == 0 {
			return r.product(x, width)
		}
		return g.Must(Slice{1, 1, width + 1}, x)
	case 8:
		return g.Must(Pad{1, 1, 2}, g.Must(Slice{1, 0, width - 3}, g.m1(Sin, r.pick(width))))
	case 9:
		return g.m2(ReLUGrad, r.pick(width), g.m1(Step, r.column))
	case 10:
		if r.vectors[width] == nil {
			r.vectors[width] = r.input(width)
		}
		return g.m2(Add, r.pick(width), r.vectors[width])
	case 11:
		return g.m2(Div, r.pick(width), g.mc(Shift, g.m1(Square, r.pick(width)), 2))
	}
	return g.m2(Xmul, g.Must(Stop{}, r.pick(width)), g.m1(Cos, r.column))
}

func (r *rowBody) width() int { return []int{5, 19, 33}[r.rng.IntN(3)] }

// loop adds a random loop and returns its results.
func (r *rowBody) loop() []*Node {
	l := Loop{Steps: 1 + r.rng.IntN(5), Reverse: r.rng.IntN(2) == 0}
	r.column = r.input(r.rows, 1)
	for _, w := range []int{5, 19, 33} {
		l.Init, l.States = append(l.Init, r.input(r.rows, w)), append(l.States, r.g.Input("state", []int{r.rows, w}))
		l.Stacks, l.Xs = append(l.Stacks, r.input(l.Steps, r.rows, w)), append(l.Xs, r.g.Input("x", []int{r.rows, w}))
	}
	r.all = slices.Concat(l.States, l.Xs)
	for range 1 + r.rng.IntN(15) {
		r.all = append(r.all, r.value(r.width()))
	}
	for _, s := range l.States {
		l.Next = append(l.Next, r.pick(Shape(s)[1]))
	}
	for range r.rng.IntN(4) {
		l.Outs = append(l.Outs, r.pick(r.width()))
	}
	final, outs, err := r.g.Loop(l)
	if err != nil {
		panic(err)
	}
	return append(final, outs...)
}

// data returns the values of an input: those of a row are the same in a batch of any size.
func (r *rowBody) data(i int, n *Node, first int) *tensor.Dense {
	s := Shape(n)
	axis := slices.Index(s, r.rows)
	values := make([]float32, sizeOf(n))
	for e := range values {
		row, rest := 0, e
		if axis >= 0 {
			inner := 1
			for _, d := range s[axis+1:] {
				inner *= d
			}
			row, rest = first+e/inner%r.rows, e/inner/r.rows*inner+e%inner
		}
		values[e] = float32(rand.New(rand.NewPCG(uint64(i*1000+row), uint64(rest))).NormFloat64())
	}
	return dense(s, values)
}

// runRows runs a random loop on some rows, or its ops one by one, and returns its results and their shapes.
func runRows(t *testing.T, seed uint64, first, rows, workers int, op bool) (results [][]float32, shapes [][]int) {
	g := NewGraph(tensor.Float32)
	r := &rowBody{
		g: g, rng: rand.New(rand.NewPCG(seed, 2)), rows: rows, transposes: seed%2 == 0,
		weights: map[[2]int]*Node{}, vectors: map[int]*Node{},
	}
	nodes := r.loop()
	pool := kernels.NewPool(workers)
	defer pool.Close()
	l := Lower(g, nodes, &Env{Pool: pool})
	for i, n := range r.inputs {
		if in := l.Input(n); in != nil {
			in.Set(r.data(i, n, first))
		}
	}
	var scan *Op
	for _, o := range l.ops {
		if s, ok := o.Def.(*Scan); ok {
			scan = o
			require.IsType(t, (*rowLoop[float32])(nil), o.loop)
			if op {
				run, list := newScanRun[float32](s, o)
				x := newOpLoop(run, list)
				x.attach(NewMemory(x.words()))
				o.kernel.F32 = x.run
			}
		}
	}
	l.Attach(NewMemory(l.Words))
	for range 2 {
		require.NoError(t, l.Run())
	}
	if scan == nil {
		t.Skip("the graph of this seed has no loop")
	}
	for i, n := range nodes {
		results, shapes = append(results, slices.Clone(l.Value(i).Float32s())), append(shapes, Shape(n))
	}
	return results, shapes
}

// TestRowLoops compares loops by rows with the same loops op by op, with other numbers of workers, and with a few of the rows
// alone. These are seven, and not one, where factors are transposed: a loop begins with products for all times, outside it, that sum
// in another order if they have one or two rows.
func TestRowLoops(t *testing.T) {
	for seed := range uint64(100) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			const rows = 41 // which no other dimension is
			got, shapes := runRows(t, seed, 0, rows, 1, false)
			for workers := 2; workers <= 4; workers++ {
				want, _ := runRows(t, seed, 0, rows, workers, false)
				require.Equal(t, want, got, "%d workers", workers)
			}
			want, _ := runRows(t, seed, 0, rows, 2, true)
			require.Equal(t, want, got, "op by op")
			few := 1
			if seed%2 == 0 {
				few = 7
			}
			for _, row := range []int{0, 7, rows - few} {
				alone, _ := runRows(t, seed, row, few, 2, false)
				for i, s := range shapes {
					n := s[len(s)-1]
					for step := range len(got[i]) / (rows * n) {
						at := (step*rows + row) * n
						require.Equal(t, alone[i][step*few*n:][:few*n], got[i][at:at+few*n], "row %d alone: result %d", row, i)
					}
				}
			}
		})
	}
}
