package reader

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"gorgonia.org/tensor"
)

func TestRead(t *testing.T) {
	p := tensor.New(tensor.WithShape(3, 3), tensor.WithBacking([]float32{0.1, 0.2, 0.7, 0.5, 0.5, 0, 0.2, 0.6, 0.2}))
	if got := Read(p); !slices.Equal(got, []int{2, 0, 1}) {
		t.Errorf("got %v, want 2, 0, 1", got)
	}
}

// Easy images are all classified correctly.
func TestTrain(t *testing.T) {
	e := lab.Experiment{
		Name:    "test",
		Options: lab.Options{Train: 48, Valid: 12, Epochs: 1, Batch: 1, Patience: 1, LR: 1, Seed: 1, Out: t.TempDir()},
		Run: func(l *lab.Lab) (any, error) {
			train, valid, test := l.Images.Train.Arrays(), l.Images.Valid.Arrays(), l.Images.Test
			m, training, err := Train(l, train, valid, 40)
			if err != nil {
				return nil, err
			}
			if training.Epochs != 40 || training.Interrupted {
				t.Errorf("got %+v, want 40 epochs", training)
			}
			p, err := m.Predict(context.Background(), test.X())
			if err != nil {
				return nil, err
			}
			for i, c := range Read(p) {
				if c != int(test.Labels[i]) {
					t.Errorf("image %d: got %d, want %d", i, c, test.Labels[i])
				}
			}
			return nil, nil
		},
	}
	if status := e.Main([]string{"-data", labtest.IDX(t, 60, 9, 6, 6)}, io.Discard, io.Discard); status != 0 {
		t.Errorf("got status %d, want 0", status)
	}
}
