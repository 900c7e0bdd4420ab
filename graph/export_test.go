package graph

import (
	"bytes"
	"context"
	"io"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
)

// Reseal returns a copy of a file with metadata edited by change, and with a valid checksum.
func Reseal(file []byte, change func(metadata map[string]string)) ([]byte, error) {
	read, err := safetensors.Read(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	if read.Metadata == nil {
		read.Metadata = map[string]string{}
	}
	if change != nil {
		change(read.Metadata)
	}
	var b bytes.Buffer
	err = (&modelFile{*read}).write(&b)
	return b.Bytes(), err
}

// RowsAreIndependent reports whether the analysis of the graph found that rows do not mix.
func (m *Model) RowsAreIndependent() bool { return m.rows("").Independent }

// Probes returns the shapes of the inputs for which Compile tried the network.
func Probes(m *Model) [][][]int {
	var list [][][]int
	for _, shapes := range m.probes {
		list = append(list, shapes)
	}
	return list
}

// StepProgram returns the program of a training step on a batch.
func (m *Model) StepProgram(b Batch) (*program.Program, error) {
	p, key, _, err := m.programOf(context.Background(), b, trainMode)
	if err == nil {
		m.release(key, p)
	}
	return p, err
}

// OpsAgain returns the number of ops of a program that compute values again.
func OpsAgain(p *program.Program) (n int) {
	for _, o := range p.Ops() {
		if o.Phase == ops.Again {
			n++
		}
	}
	return n
}

// FileSize returns the size of a file by which its network is limited.
func FileSize(r io.Reader) (int, error) {
	f, err := readFile(r)
	if err != nil {
		return 0, err
	}
	return newSource(f).limits.size, nil
}

// PlannedBytes returns the memory that a training step on a batch runs in, and compiles its program without that memory.
func (m *Model) PlannedBytes(b Batch) (int, error) {
	key, _, err := m.feedTo(new(fed), b, trainMode)
	if err != nil {
		return 0, err
	}
	p, err := m.newProgram(key)
	if err != nil {
		return 0, err
	}
	return p.Memory(), nil
}
