package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// TestPictures: the model file of experiments/pictures gets from this program the answer of PredictImage to a picture, and its classes.
func TestPictures(t *testing.T) {
	program := filepath.Join(t.TempDir(), "pictures")
	text, err := exec.Command("go", "build", "-o", program, "../pictures").CombinedOutput()
	require.NoError(t, err, "%s", text)
	dir := t.TempDir()
	text, err = exec.Command(program, "-train", "40", "-valid", "20", "-side", "16", "-epochs", "1", "-batch", "16", "-out", dir).CombinedOutput()
	require.NoError(t, err, "%s", text)
	path := filepath.Join(dir, "model.safetensors")
	url := running(t, "-model", path)

	picture := image.NewNRGBA(image.Rect(0, 0, 30, 20))
	for i := range 600 {
		picture.Set(i%30, i/30, color.NRGBA{uint8(8 * i), uint8(i / 3), uint8(i), 255})
	}
	var body bytes.Buffer
	require.NoError(t, png.Encode(&body, picture))
	r, err := client.Post(url+"/predict", "image/png", &body)
	require.NoError(t, err)
	code, answer := read(t, r)
	require.Equal(t, 200, code, answer)
	var got struct{ Outputs [][]float32 }
	require.NoError(t, json.Unmarshal([]byte(answer), &got))
	m, err := graph.Open(path)
	require.NoError(t, err)
	want, err := datasets.PredictImage(context.Background(), m, picture)
	require.NoError(t, err)
	require.Equal(t, want.Float32s(), got.Outputs[0])

	_, about := get(t, url+"/")
	var shapes struct{ Classes []string }
	require.NoError(t, json.Unmarshal([]byte(about), &shapes))
	classes, err := datasets.StoredClasses[string](m)
	require.NoError(t, err)
	require.Equal(t, classes.Labels(), shapes.Classes)
}
