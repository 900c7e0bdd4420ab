package onnx_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/eval"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// suiteFolder is the environment variable that names the folder with ONNX's backend tests, which has the folders node, simple,
// pytorch-converted and pytorch-operator. Debian's package libonnx-testdata installs them in /usr/share/libonnx-testdata/data.
const suiteFolder = "NNDIY_ONNX_SUITE"

// TestConformance: a Runner computes what ONNX's own tests say, with their tolerances, except those that are left out on purpose.
func TestConformance(t *testing.T) {
	dir := os.Getenv(suiteFolder)
	if dir == "" {
		t.Skipf("%s is not set: it names the folder of ONNX's tests, such as /usr/share/libonnx-testdata/data", suiteFolder)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "test_*", "model.onnx"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "tests in %s", dir)
	counts, refused := map[string][3]int{}, map[string][]string{}
	var total [3]int
	drawn := 0
	for _, file := range files {
		kind, name := filepath.Base(filepath.Dir(filepath.Dir(file))), filepath.Base(filepath.Dir(file))
		result := 0
		start := time.Now()
		refusal, err := suiteCase(filepath.Dir(file))
		if random[name] {
			drawn++
			if refusal != nil || err == nil {
				t.Errorf("%s: got refusal %v and error %v, want other random numbers than numpy's", name, refusal, err)
			}
			continue
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Logf("%s: took %v", name, d)
		}
		reason, listed := refusedOnPurpose(name)
		switch {
		case refusal != nil || err != nil && reason == faults:
			result = 1
			refused[reason] = append(refused[reason], name)
			if !listed {
				t.Errorf("%s: refused: %v", name, refusal)
			}
		case err != nil:
			result = 2
			t.Errorf("%s: failed: %v", name, err)
		case listed:
			t.Errorf("%s: got a pass, want it removed from the list of those left out (%s)", name, reason)
		}
		c := counts[kind]
		c[result]++
		total[result]++
		counts[kind] = c
	}
	t.Logf("%-20s %6s %7s %6s", "folder", "passed", "refused", "failed")
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%-20s %6d %7d %6d", kind, counts[kind][0], counts[kind][1], counts[kind][2])
	}
	t.Logf("%-20s %6d %7d %6d", "all", total[0], total[1], total[2])
	t.Logf("%-20s %6d", "numpy's numbers", drawn)
	for _, reason := range slices.Sorted(maps.Keys(refused)) {
		t.Logf("refused: %3d: %s", len(refused[reason]), reason)
	}
}

// suiteCase runs a test with all of its data sets. A refusal says what is not supported; err, what is computed wrongly.
func suiteCase(dir string) (refusal, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	r, refusal := onnx.Load(filepath.Join(dir, "model.onnx"))
	if refusal != nil {
		return refusal, nil
	}
	sets, _ := filepath.Glob(filepath.Join(dir, "test_data_set_*"))
	if len(sets) == 0 {
		return nil, fmt.Errorf("got no data")
	}
	for _, set := range sets {
		inputs := map[string]onnx.Tensor{}
		for i, p := range r.Inputs() {
			file := filepath.Join(set, fmt.Sprintf("input_%d.pb", i))
			if _, err := os.Stat(file); err != nil {
				continue
			}
			x, err := suiteTensor(file)
			if err != nil {
				return err, nil
			}
			if bits, ok := x.Data.([]uint16); ok && p.Type == "bfloat16" {
				x.Data = bfloats(bits)
			}
			inputs[p.Name] = x
		}
		ctx, stop := context.WithTimeout(context.Background(), time.Minute)
		got, refusal := r.Run(ctx, inputs)
		stop()
		if refusal != nil {
			return refusal, nil
		}
		for i, p := range r.Outputs() {
			want, err := suiteTensor(filepath.Join(set, fmt.Sprintf("output_%d.pb", i)))
			if err != nil {
				return nil, err
			}
			if err := agree(want, got[p.Name]); err != nil {
				return nil, fmt.Errorf("output %s: %w", p.Name, err)
			}
		}
	}
	return nil, nil
}

func suiteTensor(file string) (onnx.Tensor, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return onnx.Tensor{}, err
	}
	p, err := proto.DecodeTensor(b)
	if err != nil {
		return onnx.Tensor{}, err
	}
	v, err := eval.Decode(p)
	if err != nil {
		return onnx.Tensor{}, err
	}
	return onnx.TensorOf(v), nil
}

// agree compares as ONNX's runner of the tests does: types, shapes, and |got - want| ≤ 1e-7 + 1e-3·|want|.
func agree(want, got onnx.Tensor) error {
	if bits, ok := want.Data.([]uint16); ok {
		if _, ok := got.Data.([]onnx.BFloat16); ok {
			want.Data = bfloats(bits)
		}
	}
	if reflect.TypeOf(want.Data) != reflect.TypeOf(got.Data) || !slices.Equal(want.Shape, got.Shape) {
		return fmt.Errorf("got %T of shape %v, want %T of %v", got.Data, got.Shape, want.Data, want.Shape)
	}
	a, b := onnx.Doubles(want), onnx.Doubles(got)
	for i := range a {
		if d := a[i] - b[i]; a[i] == b[i] || a[i] != a[i] && b[i] != b[i] || d <= 1e-7+1e-3*abs(a[i]) && -d <= 1e-7+1e-3*abs(a[i]) {
			continue
		}
		return fmt.Errorf("element %d of shape %v: got %v, want %v", i, want.Shape, b[i], a[i])
	}
	return nil
}

// bfloats returns elements of bfloat16, which the suite stores as uint16.
func bfloats(bits []uint16) []onnx.BFloat16 {
	out := make([]onnx.BFloat16, len(bits))
	for i, v := range bits {
		out[i] = onnx.BFloat16(v)
	}
	return out
}

func abs(v float64) float64 { return max(v, -v) }
