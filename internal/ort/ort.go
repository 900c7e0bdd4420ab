// Package ort runs ONNX models with onnxruntime, so that tests can check the files that package onnx writes. It needs Node
// and the npm package onnxruntime-node:
//
//	npm install --prefix .ci/ort --ignore-scripts onnxruntime-node@1.30.0
//
// Without these, Start skips the test.
package ort

import (
	"bufio"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"gorgonia.org/tensor"
)

// Folder is the environment variable that names the folder with node_modules; default .ci/ort.
const Folder = "NNDIY_ORT"

//go:embed run.js
var script string

// A Runtime is a process that runs models.
type Runtime struct {
	in  io.Writer
	out *bufio.Reader
}

// Start starts the process, which ends with the test. It skips the test if onnxruntime is not installed.
func Start(t testing.TB) *Runtime {
	t.Helper()
	node, library, err := Find()
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(node, "-e", script, "--", "", library)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("onnxruntime's process: %v", err)
		}
	})
	return &Runtime{in, bufio.NewReaderSize(out, 1<<16)}
}

// Find returns the path of Node and the folder of onnxruntime-node. It is an error if either is not installed.
func Find() (node, library string, err error) {
	library = filepath.Join(folder(), "node_modules", "onnxruntime-node")
	if _, err := os.Stat(library); err != nil {
		return "", "", fmt.Errorf("ort: onnxruntime is not installed: %w", err)
	}
	if node, err = exec.LookPath("node"); err != nil {
		return "", "", fmt.Errorf("ort: onnxruntime needs Node: %w", err)
	}
	return node, library, nil
}

// folder returns the folder in which onnxruntime is installed.
func folder() string {
	if dir := os.Getenv(Folder); dir != "" {
		return dir
	}
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", ".ci", "ort")
}

// A value is a tensor in a message to or from the process.
type value struct {
	Name  string `json:"name,omitempty"`
	Type  string `json:"type"`
	Shape []int  `json:"shape"`
	Data  []byte `json:"data"`
}

func valueOf(name string, x *tensor.Dense) (value, error) {
	data, err := binary.Append(nil, binary.LittleEndian, x.Data())
	if err != nil {
		return value{}, fmt.Errorf("ort: input: %w", err)
	}
	return value{name, x.Dtype().String(), x.Shape(), data}, nil
}

// Run runs a model with one input once for each tensor, and returns the first output of each run.
func (r *Runtime) Run(model []byte, inputs ...*tensor.Dense) ([]*tensor.Dense, error) {
	var feeds [][]value
	for _, x := range inputs {
		v, err := valueOf("", x)
		if err != nil {
			return nil, err
		}
		feeds = append(feeds, []value{v})
	}
	answers, err := r.ask(request{Model: model, Feeds: feeds})
	if err != nil {
		return nil, err
	}
	var out []*tensor.Dense
	for _, a := range answers {
		t, err := a[0].dense()
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// RunAll runs a model once. Inputs and outputs are tensors by name; it returns all outputs.
func (r *Runtime) RunAll(model []byte, inputs map[string]*tensor.Dense) (map[string]*tensor.Dense, error) {
	var feed []value
	for name, x := range inputs {
		v, err := valueOf(name, x)
		if err != nil {
			return nil, err
		}
		feed = append(feed, v)
	}
	answers, err := r.ask(request{Model: model, Feeds: [][]value{feed}})
	if err != nil {
		return nil, err
	}
	out := map[string]*tensor.Dense{}
	for _, v := range answers[0] {
		if out[v.Name], err = v.dense(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// A request asks for a model's outputs, once for each feed. The model is in a file or in the message.
type request struct {
	Path  string    `json:"path,omitempty"`
	Model []byte    `json:"model,omitempty"`
	Feeds [][]value `json:"feeds"`
}

// ask sends a request and returns the outputs for each feed.
func (r *Runtime) ask(q request) ([][]value, error) {
	line, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("ort: %w", err)
	}
	if _, err := r.in.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("ort: %w", err)
	}
	if line, err = r.out.ReadBytes('\n'); err != nil {
		return nil, fmt.Errorf("ort: %w", err)
	}
	var reply struct {
		Error   string
		Outputs [][]value
	}
	if err := json.Unmarshal(line, &reply); err != nil {
		return nil, fmt.Errorf("ort: %w", err)
	}
	if reply.Error != "" {
		return nil, fmt.Errorf("ort: %s", reply.Error)
	}
	return reply.Outputs, nil
}

func (v value) dense() (*tensor.Dense, error) {
	size := 1
	for _, d := range v.Shape {
		size *= d
	}
	var backing any
	switch v.Type {
	case "float32":
		backing = make([]float32, size)
	case "float64":
		backing = make([]float64, size)
	default:
		return nil, fmt.Errorf("ort: output: got elements of %s, want float32 or float64", v.Type)
	}
	if _, err := binary.Decode(v.Data, binary.LittleEndian, backing); err != nil {
		return nil, fmt.Errorf("ort: output: %w", err)
	}
	return tensor.New(tensor.WithShape(slices.Clone(v.Shape)...), tensor.WithBacking(backing)), nil
}
