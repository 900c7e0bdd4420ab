package onnx

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A Runner computes what an ONNX file says: with the shapes and the element types of the file, without a batch in front, with control
// flow and shapes that depend on the data. It cannot be trained; a Network, which Open returns, can. A Runner is safe for concurrent
// use. Load makes it; the zero value has no inputs and outputs, and Run returns an error.
type Runner struct {
	program  *eval.Program
	bound    map[string]*eval.Tensor
	trusted  bool
	metadata map[string]string
}

// A Port describes an input or an output of a Runner.
type Port struct {
	Name     string
	Type     string   // of the elements, such as "float32" or "int64"
	Shape    []int    // nil if the file does not give it; graph.Any for a dimension that it leaves open
	Symbols  []string // for each dimension its name in the file, "" if it has none; dimensions of one name are equal
	Optional bool     // the file has a value for it
}

var errNoRunner = errors.New("got the zero Runner, want one from Load")

// Load reads the ONNX model in a file, and tensors in other files of its folder that it refers to. An operator or attribute that is
// not supported is an error that names the node. The elements of the weights are copied, so the files may change afterwards. Files of
// 1 GiB or more are mapped into memory instead, except on Windows and WebAssembly; they must not change while the Runner is in use.
func Load(path string) (*Runner, error) {
	b, keep, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("onnx: Load: %w", err)
	}
	r, err := load(b, keep, filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("onnx: Load: %s: %w", path, err)
	}
	return r, nil
}

// load reads a model whose other files are in a folder.
func load(b []byte, keep any, dir string) (*Runner, error) {
	m, size, err := model(b, keep, dir)
	if err != nil {
		return nil, err
	}
	p, err := eval.Compile(m, size)
	if err != nil {
		return nil, err
	}
	p.Fuse(oneChain)
	return &Runner{program: p, metadata: metadataOf(m.Metadata)}, nil
}

// Metadata returns a copy of the file's metadata_props, such as the names of classes, as Network.Metadata does.
func (r *Runner) Metadata() map[string]string { return maps.Clone(r.metadata) }

// Trusted returns a copy without limits. Otherwise a run that needs much more memory or work than the sizes of the file and of the
// inputs suggest is an error: more than 1 GiB and 1024 times these sizes, or than 2^35 operations and 2^20 for each of their bytes.
func (r *Runner) Trusted() *Runner {
	c := *r
	c.trusted = true
	return &c
}

// Bind returns a copy in which an input has a fixed value, so that Run need not get it. Its named dimensions fit those of other inputs.
func (r *Runner) Bind(name string, value Tensor) (*Runner, error) {
	if r.program == nil {
		return nil, fmt.Errorf("onnx: Bind: %w", errNoRunner)
	}
	c := *r
	if c.bound = maps.Clone(r.bound); c.bound == nil {
		c.bound = map[string]*eval.Tensor{}
	}
	v, err := r.input(name, value, r.symbols(map[string]Tensor{name: value}))
	if err != nil {
		return nil, fmt.Errorf("onnx: Bind: %w", err)
	}
	if c.bound[name], err = eval.New(v.Shape, v.Copy()); err != nil {
		return nil, fmt.Errorf("onnx: Bind: %w", err)
	}
	return &c, nil
}

// Inputs returns the inputs in the file's order, also those that are bound.
func (r *Runner) Inputs() []Port {
	if r.program == nil {
		return nil
	}
	return r.ports(r.program.Inputs())
}

// Outputs returns the outputs in the file's order.
func (r *Runner) Outputs() []Port {
	if r.program == nil {
		return nil
	}
	return r.ports(r.program.Outputs())
}

func (r *Runner) ports(values []proto.Value) []Port {
	var list []Port
	for _, v := range values {
		p := Port{Name: v.Name, Type: v.Type.String(), Shape: sizes(v.Dims), Optional: r.bound[v.Name] != nil || r.program.Constant(v.Name) != nil}
		if v.Dims != nil {
			p.Symbols = []string{}
		}
		for _, d := range v.Dims {
			p.Symbols = append(p.Symbols, d.Name)
		}
		list = append(list, p)
	}
	return list
}

// sizes returns the sizes of dimensions as a Port has them.
func sizes(dims []proto.Dim) []int {
	if dims == nil {
		return nil
	}
	list := make([]int, len(dims))
	for i, d := range dims {
		list[i] = dimension(d)
	}
	return list
}

// Run computes outputs of the file, or any of its values, by name; without names, all outputs. inputs has a tensor for each input that
// is not optional; its shape and type must be those of the file. Random operators return the same numbers in every run.
func (r *Runner) Run(ctx context.Context, inputs map[string]Tensor, outputs ...string) (map[string]Tensor, error) {
	if r.program == nil {
		return nil, fmt.Errorf("onnx: Run: %w", errNoRunner)
	}
	values, size := maps.Clone(r.bound), r.program.Bytes
	if values == nil {
		values = map[string]*eval.Tensor{}
	}
	symbols := r.symbols(inputs)
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		v, err := r.input(name, inputs[name], symbols)
		if err != nil {
			return nil, fmt.Errorf("onnx: Run: %w", err)
		}
		values[name] = v
		size += 8 * v.Size()
	}
	for _, v := range r.program.Inputs() {
		if values[v.Name] == nil && r.program.Constant(v.Name) == nil {
			return nil, fmt.Errorf("onnx: Run: got no input %.64q, want one", v.Name)
		}
	}
	if len(outputs) == 0 {
		for _, v := range r.program.Outputs() {
			outputs = append(outputs, v.Name)
		}
	}
	defer runtime.KeepAlive(r) // results may be parts of a mapped file
	results, err := r.program.Run(ctx, values, outputs, r.limits(size), 1)
	if err != nil {
		return nil, fmt.Errorf("onnx: Run: %w", err)
	}
	out := map[string]Tensor{}
	for i, name := range outputs {
		out[name] = tensorOf(results[i])
	}
	return out, nil
}

// limits returns the limits for a file and inputs of this many bytes.
func (r *Runner) limits(size int) eval.Limits {
	const most = math.MaxInt / 2
	if r.trusted {
		return eval.Limits{Bytes: most, Work: most}
	}
	limit := func(base, shift int) int {
		if size > (most-base)>>shift {
			return most
		}
		return base + size<<shift
	}
	return eval.Limits{Bytes: limit(min(1<<30, most/2), 10), Work: limit(min(1<<35, most/2), 20)}
}

func (r *Runner) names() (list []string) {
	for _, v := range r.program.Inputs() {
		list = append(list, v.Name)
	}
	return list
}
