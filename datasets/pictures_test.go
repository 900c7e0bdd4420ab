package datasets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestPillow compares with what Pillow reads from the same files (testdata/pictures.py): formats, orientations, opacity, and the
// scaling up and down.
func TestPillow(t *testing.T) {
	text, err := os.ReadFile("testdata/pictures.json")
	require.NoError(t, err)
	var file struct {
		Cases []struct {
			Name  string
			Size  [2]int
			Small []float64
			Mean  float64
		}
	}
	require.NoError(t, json.Unmarshal(text, &file))
	require.Greater(t, len(file.Cases), 15)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			p := Picture{Height: 12, Width: 16, Resize: Stretch, Background: [3]uint8{10, 200, 30}}
			m, err := p.decodeFile("testdata/pictures/" + c.Name)
			require.NoError(t, err)
			require.Equal(t, c.Size, [2]int{m.Bounds().Dx(), m.Bounds().Dy()})
			x, err := p.Tensor(m)
			require.NoError(t, err)
			require.Equal(t, []int{1, 3, 12, 16}, []int(x.Shape()))
			worst, sum := 0.0, 0.0
			for i, want := range c.Small {
				got := 255 * float64(x.Float32s()[i%3*192+i/3])
				worst, sum = max(worst, math.Abs(got-want)), sum+math.Abs(got-want)
			}
			// Decoders of JPEG and WebP differ by a few levels, mostly in the colours of neighbouring pixels.
			limit := map[string]float64{".png": 2, ".gif": 2, ".jpg": 16, ".webp": 24}[filepath.Ext(c.Name)]
			require.LessOrEqual(t, worst, limit)
			require.LessOrEqual(t, sum/float64(len(c.Small)), 3.0)
			p.Height, p.Width = 50, 60
			x, err = p.Tensor(m)
			require.NoError(t, err)
			mean := 0.0
			for _, v := range x.Float32s() {
				mean += 255 * float64(v) / float64(x.Shape().TotalSize())
			}
			require.InDelta(t, c.Mean, mean, 2)
		})
	}
}

// flag returns a picture of vertical stripes: red, green, blue, one pixel each if it is 3 wide.
func flag(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, []color.Color{color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}, color.NRGBA{0, 0, 255, 255}}[x*3/w])
		}
	}
	return m
}

// TestPictureResize: each way to make a picture fit.
func TestPictureResize(t *testing.T) {
	for _, c := range []struct {
		p    Picture
		want []float32
	}{
		{Picture{Height: 1, Width: 3, Resize: Stretch}, []float32{1, 0, 0, 0, 1, 0, 0, 0, 1}},
		{Picture{Height: 1, Width: 3, Resize: Crop}, []float32{1, 0, 0, 0, 1, 0, 0, 0, 1}},
		{Picture{Height: 1, Width: 1}, []float32{0, 1, 0}}, // the middle
		{Picture{Height: 3, Width: 3, Resize: Fit, Channels: 1}, []float32{0, 0, 0, 0.299, 0.587, 0.114, 0, 0, 0}},
		{Picture{Height: 3, Width: 3, Resize: Fit, Channels: 1, Background: [3]uint8{255, 255, 255}}, []float32{1, 1, 1, 0.299, 0.587, 0.114, 1, 1, 1}},
		{Picture{Height: 1, Width: 3, Channels: 4}, []float32{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1}},
	} {
		t.Run(fmt.Sprint(c.p), func(t *testing.T) {
			x, err := c.p.Tensor(flag(3, 1))
			require.NoError(t, err)
			require.InDeltaSlice(t, c.want, x.Float32s(), 1e-6)
		})
	}
	half := image.NewNRGBA(image.Rect(5, 5, 6, 6)) // bounds need not begin at 0
	half.Set(5, 5, color.NRGBA{200, 100, 0, 128})
	x, err := Picture{Height: 1, Width: 1, Channels: 4}.Tensor(half)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float32{200. / 255, 100. / 255, 0, 128. / 255}, x.Float32s(), 0.005)
	x, err = Picture{Height: 1, Width: 1, Background: [3]uint8{0, 0, 255}}.Tensor(half)
	require.NoError(t, err)
	require.InDeltaSlice(t, []float32{100. / 255, 50. / 255, 127. / 255}, x.Float32s(), 0.005)
}

// folderOf writes pictures to a folder, by name.
func folderOf(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, data, 0o666))
	}
	return dir
}

func encoded(t testing.TB, m image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, nil)
	case "gif":
		err = gif.Encode(&b, m, nil)
	}
	require.NoError(t, err)
	return b.Bytes()
}

// TestPictures: folders and list files, labels, damaged files, and the same batches with any number of workers.
func TestPictures(t *testing.T) {
	good := encoded(t, flag(9, 6), "png")
	bad := good[:len(good)-20]
	dir := folderOf(t, map[string][]byte{
		"b/1.png": good, "b/deep/2.JPG": encoded(t, flag(6, 6), "jpeg"), "a/3.gif": encoded(t, flag(6, 9), "gif"), "b/4.png": bad,
		"a/notes.txt": []byte("x"), ".hidden/5.png": good, "a/.6.png": good,
	})
	p := Pictures{Picture: Picture{Height: 4, Width: 5, Channels: 1}}
	set, err := p.Open(dir)
	require.NoError(t, err)
	require.Equal(t, 4, set.Len())
	require.Equal(t, []string{"a", "b"}, set.Classes.Labels())
	require.Equal(t, []int{0, 1, 1, 1}, set.Labels)
	var last error
	for _, last = range (Prefetch{From: set}).Batches(2, nil) {
	}
	require.ErrorContains(t, last, "datasets: PictureSet: "+filepath.Join(dir, "b", "4.png")+": ")

	p.SkipDamaged = true
	set, err = p.Open(dir)
	require.NoError(t, err)
	require.Len(t, set.Damaged, 1)
	require.ErrorContains(t, set.Damaged[0], "4.png")
	require.Equal(t, 3, set.Len())
	want := fmt.Sprint(collect(t, set))
	for workers := 1; workers < 4; workers++ {
		require.Equal(t, want, fmt.Sprint(collect(t, Prefetch{From: set, Workers: workers})))
	}
	list := filepath.Join(dir, "list.csv")
	require.NoError(t, os.WriteFile(list, []byte("a/3.gif, yes\nb/deep/2.JPG,no\n"+filepath.Join(dir, "b", "1.png")+",no\n"), 0o666))
	listed, err := p.Open(list)
	require.NoError(t, err)
	require.Equal(t, []string{"no", "yes"}, listed.Classes.Labels())
	require.Equal(t, []int{1, 0, 0}, listed.Labels)
	first, rest, err := listed.Split(1, 1)
	require.NoError(t, err)
	require.Equal(t, 1, first.Len())
	require.Equal(t, 2, rest.Len())
	require.ElementsMatch(t, listed.Files, append(first.Files, rest.Files...))
	require.NoError(t, os.WriteFile(list, []byte("a/3.gif\nb/1.png\n"), 0o666))
	bare, err := p.Open(list)
	require.NoError(t, err)
	for b, err := range bare.Batches(0, nil) {
		require.NoError(t, err)
		require.Nil(t, b.Y)
		require.Equal(t, []int{2, 1, 4, 5}, []int(b.X.Shape()))
	}
	bare, err = p.Open(filepath.Join(dir, "a"))
	require.NoError(t, err)
	require.Nil(t, bare.Labels)
}

func collect(t *testing.T, d graph.Dataset) (list []any) {
	for b, err := range d.Batches(2, generator()) {
		require.NoError(t, err)
		list = append(list, b.X.Shape(), b.X.Data(), b.Y.Data())
	}
	return list
}
