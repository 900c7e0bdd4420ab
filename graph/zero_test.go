package graph_test

import (
	"context"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&graph.Answer{}, &graph.Arrays{}, &graph.Attention{}, &graph.Batch{}, &graph.Clipping{}, &graph.Config{}, &graph.End{},
		&graph.Field{}, &graph.FitConfig{}, &graph.Function{}, &graph.History{}, &graph.LayerProfile{}, &graph.Loop{},
		&graph.Model{}, &graph.Node{}, &graph.Noise{}, &graph.Output{}, &graph.Params{}, &graph.Profile{}, &graph.Resizing{},
		&graph.Run{}, &graph.Scope{}, &graph.Stream{}, &graph.Update[float32]{}, &graph.Wave{}, &graph.WeightsReader{},
		&graph.Window{}, &graph.Work{},
	}, []any{context.Background(), io.Discard, func() error { return nil }, graph.Logs{}, &graph.Scope{}, strings.NewReader("")})
}

// TestZeroModel: each method of the zero Model, and of a nil one, that returns an error returns one that says what is wrong.
func TestZeroModel(t *testing.T) {
	for _, m := range []*graph.Model{nil, {}} {
		kind := reflect.TypeOf(m)
		for i := range kind.NumMethod() {
			if slices.Contains([]string{"PlannedBytes", "RowsAreIndependent", "StepProgram"}, kind.Method(i).Name) {
				continue // of export_test.go
			}
			f := reflect.ValueOf(m).Method(i)
			var in []reflect.Value
			for k := range f.Type().NumIn() {
				v := reflect.Zero(f.Type().In(k))
				if f.Type().In(k) == reflect.TypeFor[graph.Logs]() {
					v = reflect.ValueOf(graph.Logs{})
				}
				in = append(in, v)
			}
			out := f.Call(in)
			if err, ok := out[len(out)-1].Interface().(error); ok {
				require.ErrorContains(t, err, "want one from Compile or Open", kind.Method(i).Name)
			}
		}
	}
}
