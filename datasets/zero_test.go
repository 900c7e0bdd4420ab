package datasets_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&datasets.Buckets{}, &datasets.CSV{}, &datasets.Cache{}, &datasets.Classes[string]{}, &datasets.CutMix{},
		&datasets.Filter{}, &datasets.Fold{}, &datasets.FormatError{}, &datasets.Images{}, &datasets.Map{}, &datasets.MixUp{},
		&datasets.NPZ{}, &datasets.Picture{}, &datasets.PictureSet{}, &datasets.Pictures{}, &datasets.PixelNoise{},
		&datasets.Prefetch{}, &datasets.Rows{}, &datasets.SQL{}, &datasets.Scaler{}, &datasets.Series{}, &datasets.Shuffle{},
		&datasets.Splitter{}, &datasets.Table{}, &datasets.Take{}, &datasets.Weighted{}, &datasets.WindowSet{}, &datasets.Windows{},
	}, []any{context.Background(), io.Discard, strings.NewReader(""), &graph.Scope{}, &graph.Model{}})
}

// TestZeroModel: a model that Compile did not make is an error.
func TestZeroModel(t *testing.T) {
	for _, m := range []*graph.Model{nil, {}} {
		classes, err := datasets.ClassesOf([]string{"a"})
		require.NoError(t, err)
		require.Error(t, classes.StoreIn(m))
		require.Error(t, datasets.Picture{Height: 1, Width: 1}.StoreIn(m))
		_, err = datasets.StoredClasses[string](m)
		require.Error(t, err)
		_, err = datasets.StoredPicture(m)
		require.Error(t, err)
		_, err = datasets.PredictImage(context.Background(), m)
		require.Error(t, err)
	}
}

// TestUnfit: slices of a struct that do not agree in length are errors, of the struct or of what takes its data.
func TestUnfit(t *testing.T) {
	read := func(d graph.Dataset) error {
		for _, err := range d.Batches(2, nil) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	split := func(s interface {
		Split(n int, seed uint64) (a, b *datasets.Images, err error)
	}) error {
		_, _, err := s.Split(1, 1)
		return err
	}
	pictures := &datasets.PictureSet{Files: []string{"a", "b"}, Labels: []int{1}, Picture: datasets.Picture{Height: 1, Width: 1}}
	_, _, picturesErr := pictures.Split(1, 1)
	few := &datasets.Images{Rows: 2, Cols: 2, Pixels: make([]uint8, 4), Labels: make([]uint8, 2)}
	part := &datasets.Images{Rows: 2, Cols: 2, Pixels: make([]uint8, 7), Labels: make([]uint8, 2)}
	flat := &datasets.Images{Pixels: make([]uint8, 8), Labels: make([]uint8, 2)}
	_, scaled := (&datasets.Scaler{Offset: []float64{1, 2}, Scale: []float64{1}}).Apply(few.X())
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"too few pixels":           {read(few.Arrays()), "Y: got shape [2], want 1 rows as in X"},
		"half an image":            {read(part.Arrays()), "Y: got shape [2], want 7 rows as in X"},
		"no size":                  {read(flat.Arrays()), "Y: got shape [2], want 8 rows as in X"},
		"no images":                {read((&datasets.Images{}).Arrays()), "X: got no rows"},
		"split of too few pixels":  {split(few), "datasets: Images.Split: Pixels: got 4, want 8"},
		"split of half an image":   {split(part), "datasets: Images.Split: Pixels: got 7, want 8"},
		"split without a size":     {split(flat), "datasets: Images.Split: Rows and Cols: got 0 and 0"},
		"pictures without a label": {read(pictures), "Labels: got 1, want 2"},
		"split of these":           {picturesErr, "Labels: got 1, want 2"},
		"scales":                   {scaled, "Scale: got 1 columns, want 2 as in Offset"},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorContains(t, c.err, c.want) })
	}
}
