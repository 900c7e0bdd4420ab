package serve

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// seeing returns a model of pictures of 8×6 pixels.
func seeing(t testing.TB, dtype tensor.Dtype) *graph.Model {
	p := datasets.Picture{Height: 6, Width: 8, Resize: datasets.Fit, Background: [3]uint8{1, 2, 3}}
	m, err := graph.Compile(layers.Sequential{layers.Conv2D{Filters: 2, Kernel: []int{3, 3}}, layers.Flatten{}, layers.Dense{Units: 3}},
		graph.Config{Input: p.Input(), Seed: 1, DType: dtype})
	require.NoError(t, err)
	require.NoError(t, p.StoreIn(m))
	return m
}

// pictures returns a picture in each format.
func pictures(t testing.TB, size int) map[string][]byte {
	m := image.NewNRGBA(image.Rect(0, 0, size, size))
	for i := range size * size {
		m.Set(i%size, i/size, color.NRGBA{uint8(7 * i), uint8(11 * i), uint8(i / size), 255})
	}
	var p, j, g bytes.Buffer
	require.NoError(t, png.Encode(&p, m))
	require.NoError(t, jpeg.Encode(&j, m, nil))
	require.NoError(t, gif.Encode(&g, m, nil))
	w, err := os.ReadFile("../../datasets/testdata/pictures/alpha.webp")
	require.NoError(t, err)
	return map[string][]byte{"image/png": p.Bytes(), "image/jpeg": j.Bytes(), "image/gif": g.Bytes(), "image/webp": w}
}

// TestPictures: a picture in a body has the bits of PredictImage, whatever is asked at the same time.
func TestPictures(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dtype.String(), func(t *testing.T) {
			m := seeing(t, dtype)
			url := started(t, m, Config{})
			p, err := datasets.StoredPicture(m)
			require.NoError(t, err)
			var wg sync.WaitGroup
			for _, size := range []int{5, 30} {
				for kind, body := range pictures(t, size) {
					decoded, err := p.Decode(bytes.NewReader(body))
					require.NoError(t, err)
					y, err := datasets.PredictImage(context.Background(), m, decoded)
					require.NoError(t, err)
					var want []byte
					var failed *requestError
					if dtype == tensor.Float32 {
						want, failed = encode(nil, y.Float32s(), y.Shape())
					} else {
						want, failed = encode(nil, y.Float64s(), y.Shape())
					}
					require.Nil(t, failed)
					wg.Go(func() {
						for range 5 {
							if code, text := post(t, url+"/predict", kind, body); code != 200 || text != string(want) {
								t.Errorf("%s: got %d %s, want %s", kind, code, text, want)
							}
						}
					})
				}
			}
			wg.Wait()
		})
	}
}

// bomb returns a PNG file of a few bytes that says it has w×h pixels.
func bomb(t testing.TB, w, h uint32) []byte {
	b := bytes.Clone(pictures(t, 1)["image/png"])
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// TestPictureErrors has damaged and hostile pictures; none takes memory for its pixels.
func TestPictureErrors(t *testing.T) {
	url := started(t, seeing(t, tensor.Float32), Config{MaxPixels: 1 << 16, MaxBody: 1 << 16})
	good := pictures(t, 30)["image/png"]
	var wide bytes.Buffer
	require.NoError(t, png.Encode(&wide, image.NewGray(image.Rect(0, 0, 1<<14, 1<<3)))) // compresses well
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, c := range map[string]struct {
		body []byte
		want string
	}{
		"bomb":      {bomb(t, 1<<20, 1<<20), "got 1048576×1048576 pixels, want 1 to MaxPixels, 65536"},
		"wide":      {wide.Bytes(), "got 16384×8 pixels, want 1 to MaxPixels, 65536"},
		"no pixels": {bomb(t, 0, 1), "png: invalid format"},
		"cut":       {good[:len(good)/2], "png: invalid format: not enough pixel data"},
		"text":      {[]byte("hello"), "got a file of another format or a damaged one, want PNG, JPEG, GIF or WebP"},
		"nothing":   {nil, "want PNG, JPEG, GIF or WebP"},
		"large":     {bytes.Repeat(good, 1000), "body: got more than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			code, text := post(t, url+"/predict", "image/png", c.body)
			require.Contains(t, []int{400, 413}, code, text)
			require.Contains(t, text, c.want)
		})
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20))
	_, text := post(t, started(t, small(t, 1, 3), Config{})+"/predict", "image/png", good)
	require.Contains(t, text, "since the model has no preparation of pictures")
	code, text := post(t, url+"/predict", "image/tiff", good)
	require.Equal(t, 415, code)
	require.True(t, strings.Contains(text, "or image/png, image/jpeg, image/gif or image/webp"), text)
}
