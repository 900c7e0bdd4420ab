package datasets

import (
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestWrongNumbers: NaN, infinities and negative numbers in the fields of data sets and readers are errors when they are used.
func TestWrongNumbers(t *testing.T) {
	folder := t.TempDir()
	grey := image.NewGray(image.Rect(0, 0, 2, 2))
	out, err := os.Create(filepath.Join(folder, "a.png"))
	require.NoError(t, err)
	require.NoError(t, png.Encode(out, grey))
	require.NoError(t, out.Close())
	data := numbered(0, 4)
	classes := graph.Arrays{X: dense(make([]float32, 4), 4, 1, 1, 1), Y: dense([]float32{0, 1, 1, 0}, 4)}
	sequences := Sequences([][]int{{1, 2}, {3}})
	series := Series{Values: dense(make([]float32, 12), 6, 2)}
	settingstest.Wrong(t, []any{
		Shuffle{From: data}, Prefetch{From: data}, &Cache{From: data}, Take{data, 1}, Rows{data, []int{1}}, Weighted{From: data, Weight: []float64{1, 1, 1, 1}},
		MixUp{From: classes, Classes: 2}, CutMix{From: classes, Classes: 2}, PixelNoise{Clean: graph.Arrays{X: classes.X}, Amount: 0.5, UpTo: 1},
		Buckets{X: sequences}, CSV{}, NPZ{}, Picture{Height: 1, Width: 1}, Pictures{Picture: Picture{Height: 1, Width: 1}}, &Scaler{Offset: []float64{0}, Scale: []float64{1}},
		Windows{Length: 1, Inputs: []int{0}, Targets: []int{0}, Known: []int{1}}, &PictureSet{Files: []string{out.Name()}, Labels: []int{0}, Picture: Picture{Height: 1, Width: 1}},
	}, func(v any) (err error) {
		switch v := v.(type) {
		case graph.Dataset:
			if c, ok := v.(*Cache); ok {
				v = &Cache{From: c.From, MaxBytes: c.MaxBytes} // one that is not filled yet
			}
			for _, rng := range []*rand.Rand{nil, generator()} {
				var pass error
				for _, e := range v.Batches(2, rng) {
					pass = errors.Join(pass, e)
				}
				if pass == nil {
					return nil // an error in both kinds of passes, or in none
				}
				err = pass
			}
		case CSV:
			_, err = v.Read(strings.NewReader("a,b\n1,2\n"), "table")
		case NPZ:
			if _, err = v.Read(strings.NewReader(""), 0, "archive"); !strings.Contains(err.Error(), "MaxBytes") {
				err = nil
			}
		case Picture:
			_, err = v.Tensor(grey)
		case Pictures:
			_, err = v.Open(folder)
		case *Scaler:
			_, err = v.Apply(data.X)
		case Windows:
			_, err = v.Of(series)
		}
		return err
	}, map[string]string{
		"Buckets.Value":  "any finite number",
		"Buckets.YValue": "any finite number",
		"Scaler.Offset":  "any finite number",
		"Scaler.Scale":   "any finite number but 0",
	})
}
