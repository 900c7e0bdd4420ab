package datasets

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestPredictImage: a model that another program opens prepares a picture as in training.
func TestPredictImage(t *testing.T) {
	p := Picture{Height: 3, Width: 4, Channels: 1, Resize: Fit, Background: [3]uint8{1, 2, 3}}
	m, err := graph.Compile(layers.Sequential{layers.Flatten{}, layers.Dense{Units: 2}}, graph.Config{Input: p.Input(), Seed: 1})
	require.NoError(t, err)
	_, err = PredictImage(context.Background(), m, flag(9, 9))
	require.ErrorContains(t, err, `datasets: PredictImage: StoredPicture: metadata: got no "picture"`)
	require.NoError(t, p.StoreIn(m))
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.SaveFile(path))
	opened, err := graph.Open(path)
	require.NoError(t, err)
	got, err := PredictImage(context.Background(), opened, flag(9, 9), flag(2, 5))
	require.NoError(t, err)
	x, err := p.Tensor(flag(9, 9), flag(2, 5))
	require.NoError(t, err)
	want, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	require.Equal(t, want.Data(), got.Data())
	for _, text := range []string{"{}", "3", `{"Height":1e9,"Width":1e9}`, `{"Height":1,"Width":1,"Resize":"x"}`, `{"Height":1000000,"Width":1000000}`} {
		require.NoError(t, m.SetMetadata(map[string]string{"picture": text}))
		_, err = StoredPicture(m)
		require.ErrorContains(t, err, "datasets: StoredPicture: ")
	}
}

// bomb returns a PNG file of a few bytes that says it has w×h pixels.
func bomb(t testing.TB, w, h uint32) []byte {
	b := encoded(t, flag(1, 1), "png")
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// TestPictureBounds: a file that asks for more pixels than MaxPixels is an error before memory is taken.
func TestPictureBounds(t *testing.T) {
	lie, err := os.ReadFile("testdata/pictures/alpha.webp") // a canvas, and a part of it with a size of its own
	require.NoError(t, err)
	at := bytes.Index(lie, []byte("VP8L"))
	require.Positive(t, at)
	copy(lie[at+9:], []byte{0xff, 0xff, 0xff, 0x0f})
	for name, data := range map[string][]byte{
		"png": bomb(t, 50_000, 50_000), "png of overflow": bomb(t, 1<<31-1, 1<<31-1), "wide png": bomb(t, 1<<30, 1), "webp": lie,
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Picture{MaxPixels: 1 << 20}.Decode(bytes.NewReader(data))
			runtime.ReadMemStats(&after)
			require.Error(t, err)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
		})
	}
	_, err = Picture{MaxPixels: 1}.Decode(strings.NewReader(strings.Repeat("x", 2<<20)))
	require.ErrorContains(t, err, "got more than 1048584 bytes")
	_, err = Picture{Height: 1, Width: 1, MaxPixels: 5}.Tensor(flag(3, 2))
	require.ErrorContains(t, err, "datasets: Picture: picture 0: got 3×2 pixels, want at most MaxPixels, 5")
	_, err = Picture{Height: 1, Width: 100, MaxPixels: 2000, Resize: Stretch}.Tensor(flag(1, 21))
	require.ErrorContains(t, err, "got 1×21 pixels, which become 100×21 on the way to 100×1, want at most MaxPixels, 2000")
}

// FuzzPicture: whatever a file has, Decode returns an error or a picture within the bound.
func FuzzPicture(f *testing.F) {
	paths, err := filepath.Glob("testdata/pictures/*")
	require.NoError(f, err)
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p := Picture{Height: 3, Width: 2, Channels: 4, MaxPixels: 1 << 16}
		m, err := p.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		require.LessOrEqual(t, m.Bounds().Dx()*m.Bounds().Dy(), 1<<16)
		if !m.Bounds().Empty() {
			x, err := p.Tensor(m)
			require.NoError(t, err)
			for _, v := range x.Float32s() {
				require.True(t, v >= 0 && v <= 1)
			}
		}
	})
}

// TestMixUp: a sample is a mixture of two, in X and in Y by the same fraction; a pass without a generator mixes nothing.
func TestMixUp(t *testing.T) {
	const n = 64
	x, y := make([]float32, n*16), make([]float32, n)
	for i := range n { // a picture has its number in all pixels
		y[i] = float32(i)
		for k := range 16 {
			x[16*i+k] = float32(i)
		}
	}
	from := graph.Arrays{X: dense(x, n, 1, 4, 4), Y: dense(y, n)}
	for name, d := range map[string]graph.Dataset{
		"mixup": MixUp{From: from, Classes: n, Alpha: 1}, "cutmix": CutMix{From: from, Classes: n},
		"mixup of rows": MixUp{From: MixUp{From: from, Classes: n}, Alpha: 1},
	} {
		t.Run(name, func(t *testing.T) {
			pass := func(workers int, rng *rand.Rand) (x, y []float32) {
				for b, err := range (Prefetch{From: d, Workers: workers}).Batches(n, rng) {
					require.NoError(t, err)
					return b.X.Float32s(), b.Y.Float32s()
				}
				return nil, nil
			}
			xs, ys := pass(1, nil)
			require.Equal(t, x, xs)
			for i := range n {
				require.Equal(t, float32(1), ys[i*n+i])
			}
			xs, ys = pass(1, generator())
			mixed := 0
			for i := range n {
				mean, want, sum := 0.0, 0.0, 0.0
				for k := range 16 {
					mean += float64(xs[16*i+k]) / 16
				}
				for class, f := range ys[i*n:][:n] {
					want, sum = want+float64(class)*float64(f), sum+float64(f)
				}
				require.InDelta(t, 1, sum, 1e-5)
				require.InDelta(t, want, mean, 1e-3) // so the fractions are those of the pixels
				if slices.Max(ys[i*n:][:n]) < 0.999 {
					mixed++
				}
			}
			require.Greater(t, mixed, n/2)
			again, _ := pass(3, generator())
			require.Equal(t, xs, again)
		})
	}
	for want, d := range map[string]graph.Dataset{
		"datasets: MixUp: From: got nil": MixUp{}, "datasets: CutMix: Alpha: got -1": CutMix{From: from, Alpha: -1},
		"datasets: MixUp: Classes: got -1":                  MixUp{From: from, Classes: -1},
		"datasets: MixUp: batch 0: OneHot: row":             MixUp{From: from, Classes: 3},
		"datasets: CutMix: batch 0: X: got shape [64 16]":   CutMix{From: graph.Arrays{X: dense(x, n, 16), Y: from.Y}},
		"datasets: MixUp: batch 0: got a batch with other":  MixUp{From: graph.Arrays{X: from.X}},
		"datasets: CutMix: batch 0: got a batch with other": CutMix{From: graph.Arrays{X: from.X, Y: from.Y, Weight: from.Y}},
	} {
		var err error
		for _, err = range d.Batches(0, generator()) {
		}
		require.ErrorContains(t, err, want)
	}
}

// TestBeta: the mean and the variance of Beta(a, a) are 1/2 and 1/(8a+4).
func TestBeta(t *testing.T) {
	rng := generator()
	for _, a := range []float64{0.1, 0.4, 1, 3} {
		const n = 20_000
		mean, square := 0.0, 0.0
		for range n {
			v := beta(rng, a)
			mean, square = mean+v/n, square+v*v/n
		}
		require.InDelta(t, 0.5, mean, 0.02)
		require.InDelta(t, 1/(8*a+4), square-mean*mean, 0.01)
	}
}
