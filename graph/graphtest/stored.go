package graphtest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/nndiy/nndiy/graph"
)

// Stored checks that saving and opening a model changes no bit. The opened model must predict the same bits and save the
// same bytes. Training resumed from a checkpoint in the middle of an epoch must, after more than 50 steps, give the bits of
// a run without a break. Stored trains the model. The data must have at least 4 rows.
func Stored(t testing.TB, m *graph.Model, data graph.Arrays) {
	t.Helper()
	if err := stored(m, data, filepath.Join(t.TempDir(), "model.nndiy")); err != nil {
		t.Errorf("graphtest: Stored: %v", err)
	}
}

func stored(m *graph.Model, data graph.Arrays, path string) error {
	const at, steps, perEpoch = 11, 64, 4
	if n := data.Len(); n < perEpoch && data.X != nil {
		return fmt.Errorf("got %d rows, want at least %d", n, perEpoch)
	}
	save := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd && r.Epoch == 1+at/perEpoch && r.Step == at%perEpoch {
			r.After(func() error { return r.SaveFile(path) })
		}
		return nil
	})
	ctx := context.Background()
	fit := graph.FitConfig{Epochs: steps / perEpoch, BatchSize: (data.Len() + perEpoch - 1) / perEpoch, Callbacks: []graph.Callback{save}}
	want, err := m.Fit(ctx, data, fit)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		return err
	}
	opened, err := graph.ReadModel(bytes.NewReader(file.Bytes()))
	if err != nil {
		return err
	}
	inputs := map[string]*graph.Tensor{graph.MainInput: data.X}
	maps.Copy(inputs, data.Inputs)
	a, err := m.PredictAll(ctx, inputs)
	if err != nil {
		return err
	}
	b, err := opened.PredictAll(ctx, inputs)
	if err != nil {
		return err
	}
	for name := range a {
		if !reflect.DeepEqual(a[name].Data(), b[name].Data()) {
			return fmt.Errorf("opened model: %s: got prediction %v, want %v", name, b[name], a[name])
		}
	}
	if err := same("opened model", opened, file.Bytes()); err != nil {
		return err
	}

	again, err := graph.Open(path)
	if err != nil {
		return err
	}
	fit.Resume = path
	got, err := again.Fit(ctx, data, fit)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("resumed run: got history %v, want %v", got, want)
	}
	return same("resumed run", again, file.Bytes())
}

// same returns an error unless the model saves as the given bytes.
func same(what string, m *graph.Model, want []byte) error {
	var file bytes.Buffer
	err := m.Save(&file)
	if err == nil && !bytes.Equal(file.Bytes(), want) {
		err = fmt.Errorf("%s: got a file of other bytes, want those of the model", what)
	}
	return err
}
