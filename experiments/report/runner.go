package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/nndiy/nndiy/internal/atomicfile"
)

// A runner runs an experiment and returns what it prints.
type runner func(ctx context.Context, experiment string, args []string) ([]byte, error)

// A builder builds experiments and runs them.
type builder struct{ dir string }

// run builds an experiment, unless it has done so before, and runs it. It returns an error if ctx is canceled.
func (b *builder) run(ctx context.Context, experiment string, args []string) ([]byte, error) {
	if b.dir == "" {
		var err error
		if b.dir, err = os.MkdirTemp("", "nndiy-report-"); err != nil {
			return nil, err
		}
	}
	program := filepath.Join(b.dir, experiment)
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err := os.Stat(program); err != nil {
		out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/nndiy/nndiy/experiments/"+experiment).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("go build: %w: %s (report needs the go command, and must be run within the module)", err, out)
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, &stderr)
	}
	return stdout.Bytes(), ctx.Err()
}

// clean removes the programs.
func (b *builder) clean() {
	if b.dir != "" {
		os.RemoveAll(b.dir)
	}
}

// A measured is the result of one run of a row, as kept in a file.
type measured struct {
	Experiment string         `json:"experiment"`
	Args       []string       `json:"args"` // without -out and -json
	Result     map[string]any `json:"result"`
	folder     string
}

const resultFile = "result.json"

// measure runs a row, unless the results of a run with the same flags are kept.
func (r *report) measure(ctx context.Context, w row, seed uint64) (m measured, kept bool, err error) {
	m = measured{Experiment: w.experiment, Args: r.args(w, seed), folder: r.folder(w, seed)}
	path := filepath.Join(m.folder, resultFile)
	var old measured
	if b, err := os.ReadFile(path); err == nil && json.Unmarshal(b, &old) == nil {
		if old.Experiment == m.Experiment && slices.Equal(old.Args, m.Args) {
			m.Result = old.Result
			return m, true, nil
		}
	}
	if err := os.MkdirAll(m.folder, 0o777); err != nil {
		return m, false, err
	}
	out, err := r.run(ctx, w.experiment, append(slices.Clone(m.Args), "-json", "-out", m.folder))
	if err != nil {
		return m, false, err
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], &m.Result); err != nil {
		return m, false, fmt.Errorf("the last line of %s: %w", w.experiment, err)
	}
	if m.Result["interrupted"] == true {
		return m, false, errors.New("interrupted")
	}
	return m, false, atomicfile.Write(path, func(f io.Writer) error { return json.NewEncoder(f).Encode(m) })
}

// args returns the flags of a row, without -out and -json.
func (r *report) args(w row, seed uint64) []string {
	args := []string{fmt.Sprintf("-seed=%d", seed)}
	if r.quick {
		args = append(args, strings.Fields(quickFlags)...)
	}
	args = append(args, r.passed...)
	return append(strings.Fields(w.flags), slices.DeleteFunc(args, func(a string) bool {
		flag, _, _ := strings.Cut(a, "=")
		return w.noData && flag == "-data" || w.noEpochs && flag == "-epochs" || w.noSizes && (flag == "-train" || flag == "-valid")
	})...)
}
