package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	family := map[string]operator{"CumSum": op(2, 2, "exclusive reverse", cumSum)}
	for _, name := range []string{"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"} {
		family[name] = op(1, 2, "axes keepdims noop_with_empty_axes", reduce)
	}
	register(family)
}

var reductions = table[func(c *call, t *Tensor, n int) *Tensor]{
	proto.Float32: reduced[float32], proto.Float64: reduced[float64], proto.Int8: reduced[int8], proto.Int16: reduced[int16], proto.Int32: reduced[int32],
	proto.Int64: reduced[int64], proto.Uint8: reduced[uint8], proto.Uint16: reduced[uint16], proto.Uint32: reduced[uint32], proto.Uint64: reduced[uint64],
}

func reduce(c *call) *Tensor {
	x := c.in(0)
	since := 18
	if c.node.Operator == "ReduceSum" {
		since = 13
	}
	axes := c.axes(c.axesOf(1, since), len(x.Shape))
	if len(axes) == 0 && !c.flag("noop_with_empty_axes") { // with the flag, each element is reduced alone: to its square, for example
		for i := range x.Shape {
			axes = append(axes, i)
		}
	}
	var kept, perm, shape []int
	n := 1
	for i, d := range x.Shape {
		switch {
		case !slices.Contains(axes, i):
			kept, perm, shape = append(kept, d), append(perm, i), append(shape, d)
		default:
			n *= d
			if c.int("keepdims", 1) != 0 {
				shape = append(shape, 1)
			}
		}
	}
	slices.Sort(axes)
	rows := c.permuted(x, append(perm, axes...)).reshaped(append(kept, n)...)
	if name := c.node.Operator; x.Type() == proto.Bool && c.opset >= 20 && (name == "ReduceMax" || name == "ReduceMin") { // false is less
		return reduced[uint8](c, rows.as(proto.Uint8), n).as(proto.Bool).reshaped(shape...)
	}
	return pick(c, x, reductions)(c, rows, n).reshaped(shape...)
}

// reduced reduces rows of n elements.
func reduced[T number](c *call, t *Tensor, n int) *Tensor {
	rows := t.data.(list[T])
	shape := t.Shape[:len(t.Shape)-1]
	out := make(list[T], sizeOf(c.shape(shape...)))
	name := c.node.Operator[len("Reduce"):]
	var z T
	least, most := endsOf[T]()
	whole := isInteger(z)
	c.want(n > 0 || !whole || name != "Mean", "got no elements, want at least one for a mean of integers")
	pool().For(len(out), 1+4096/(n+1), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := rows[i*n : (i+1)*n]
			switch {
			case n == 0 && name == "Max":
				out[i] = least
			case n == 0 && name == "Min":
				out[i] = most
			case name == "Max":
				out[i] = slices.Max(row)
			case name == "Min":
				out[i] = slices.Min(row)
			case whole && (name == "Sum" || name == "Prod" || name == "L1" || name == "SumSquare"):
				out[i] = folds(name, row)
			default:
				out[i] = T(measured(name, row))
			}
		}
	})
	return &Tensor{shape, out}
}

// endsOf returns the least and the largest element of a type, which are the maximum and the minimum of no elements.
func endsOf[T number]() (least, most T) {
	var z T
	if !isInteger(z) {
		return T(math.Inf(-1)), T(math.Inf(1))
	}
	if z--; z > 0 { // it has no sign
		return 0, z
	}
	for most = 1; 2*most+1 > most; most = 2*most + 1 {
	}
	return -most - 1, most
}

// folds reduces integers, which wrap around.
func folds[T number](name string, row []T) T {
	var total T
	if name == "Prod" {
		total = 1
	}
	for _, v := range row {
		switch {
		case name == "Prod":
			total *= v
		case name == "SumSquare":
			total += v * v
		case name == "L1" && v < 0:
			total -= v
		default:
			total += v
		}
	}
	return total
}

// measured reduces in float64.
func measured[T number](name string, row []T) float64 {
	total, shift := 0.0, 0.0
	switch name {
	case "Prod":
		total = 1
	case "LogSumExp":
		shift = math.Inf(-1)
		for _, v := range row {
			shift = max(shift, float64(v))
		}
		if math.IsInf(shift, 0) || math.IsNaN(shift) {
			return shift
		}
	}
	for _, e := range row {
		switch v := float64(e); name {
		case "Prod":
			total *= v
		case "L1":
			total += math.Abs(v)
		case "L2", "SumSquare":
			total += v * v
		case "LogSumExp":
			total += math.Exp(v - shift)
		default:
			total += v
		}
	}
	switch name {
	case "Mean":
		return total / float64(len(row))
	case "L2":
		return math.Sqrt(total)
	case "LogSum", "LogSumExp":
		return shift + math.Log(total)
	}
	return total
}

// lines describes the vectors along an axis: element k of line i is at start(i) + k·step.
type lines struct{ count, size, step int }

func (c *call) lines(x *Tensor, axis int) lines {
	step := sizeOf(x.Shape[axis+1:])
	return lines{sizeOf(x.Shape[:axis]) * step, x.Shape[axis], step}
}

func (l lines) start(i int) int { return i/l.step*l.step*l.size + i%l.step }

var cumulatives = table[func(c *call, x *Tensor, l lines) *Tensor]{
	proto.Float32: cumulated[float32], proto.Float64: cumulated[float64], proto.Int32: cumulated[int32],
	proto.Int64: cumulated[int64], proto.Uint32: cumulated[uint32], proto.Uint64: cumulated[uint64],
}

func cumSum(c *call) *Tensor {
	x := c.in(0)
	return pick(c, x, cumulatives)(c, x, c.lines(x, c.axis(c.one(1), len(x.Shape))))
}

func cumulated[T number](c *call, x *Tensor, l lines) *Tensor {
	c.shape(x.Shape...)
	exclusive, reverse := c.flag("exclusive"), c.flag("reverse")
	in, out := x.data.(list[T]), make(list[T], x.Size())
	for i := range l.count {
		var total T
		for k := range l.size {
			if reverse {
				k = l.size - 1 - k
			}
			at := l.start(i) + k*l.step
			if exclusive {
				out[at] = total
			}
			if total += in[at]; !exclusive {
				out[at] = total
			}
		}
	}
	return &Tensor{x.Shape, out}
}
