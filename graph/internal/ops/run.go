package ops

import (
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Value is the elements of an input or of an op's output during a run. Only the slice of the graph's element type is set.
type Value struct {
	f32 []float32
	f64 []float64
}

// elementsOf returns the slice of a value that has elements of type T.
func elementsOf[T kernels.Float](v *Value) *[]T {
	if x, ok := any(&v.f32).(*[]T); ok {
		return x
	}
	return any(&v.f64).(*[]T)
}

// set makes the elements of t the value.
func (v *Value) set(t *tensor.Dense) {
	if t.Dtype() == tensor.Float32 {
		v.f32 = tensors.Data[float32](t)
	} else {
		v.f64 = tensors.Data[float64](t)
	}
}

// An Input is an input or a parameter of a lowered graph.
type Input struct {
	DType tensor.Dtype
	value Value
	t     *tensor.Dense
}

// Set makes t, a contiguous tensor of the graph's element type, the value of the input from the next run on. Its elements may
// change between runs.
func (in *Input) Set(t *tensor.Dense) { in.t = t }

// Run runs the ops, each after the ops whose outputs it reads. A panic of a kernel is an error that names the op.
func (l *Lowered) Run() (err error) {
	var running *Op
	defer func() {
		if r := recover(); r != nil {
			err = running.failed(r)
		}
	}()
	for _, in := range l.list {
		in.value.set(in.t)
	}
	stale := l.stale()
	if r := l.Env.Recorder; r != nil {
		for _, o := range l.ops {
			if running = o; o.runs(stale) {
				r.run(o, l.dtype)
			}
		}
		return l.ran()
	}
	for _, o := range l.ops {
		if running = o; !o.runs(stale) {
			continue
		}
		if l.dtype == tensor.Float32 {
			o.run32()
		} else {
			o.run64()
		}
	}
	return l.ran()
}

// runs reports whether a run has to run the op. Views always run: they forget the values of the last run.
func (o *Op) runs(stale bool) bool { return stale || !o.settled || o.view }

// ran ends a run without errors.
func (l *Lowered) ran() error {
	if len(l.kept) > 0 {
		l.version = l.Env.Packs.version
	}
	return nil
}

// failed returns the error of a kernel that has panicked. An op of a loop has made its own.
func (o *Op) failed(r any) error {
	if err, ok := r.(*RunError); ok {
		return err
	}
	return &RunError{Where: o.Where, Op: o.Def.String(), Err: recovered(r)}
}

func (o *Op) run32() {
	if o.view {
		o.out.f32 = part(o, o.args[0].f32)
		return
	}
	for i, v := range o.args {
		o.in32[i] = v.f32
	}
	o.kernel.F32(o.out.f32, o.in32)
}

func (o *Op) run64() {
	if o.view {
		o.out.f64 = part(o, o.args[0].f64)
		return
	}
	for i, v := range o.args {
		o.in64[i] = v.f64
	}
	o.kernel.F64(o.out.f64, o.in64)
}

// part returns the elements of its input that a view consists of.
func part[T kernels.Float](o *Op, in []T) []T {
	from, to := o.offset, o.offset+o.size
	return in[from:to:to]
}
