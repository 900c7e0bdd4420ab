package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/experiments/playground/internal/panes/plane"
)

// planeHash returns the hash of the weights that the pane has after all epochs, computed in this process.
func planeHash(t *testing.T, settings string) string {
	t.Helper()
	p := plane.New()
	_, err := p.Handle("set", json.RawMessage(settings))
	require.NoError(t, err)
	for range 3 {
		_, err = p.Handle("step", json.RawMessage(`{"epoch": true}`))
		require.NoError(t, err)
	}
	reply, err := p.Handle("frame", nil)
	require.NoError(t, err)
	b, err := json.Marshal(reply.Value)
	require.NoError(t, err)
	var v struct{ Racers []struct{ Hash string } }
	require.NoError(t, json.Unmarshal(b, &v))
	return v.Racers[0].Hash
}

const hashSettings = `{"data": "spiral", "noise": 0.02, "layers": [16, 16], "optimizer": "Adam", "rate": 0.01, "seed": 7}`

// TestHash prints a hash, for TestPlanePage, which runs it with portable kernels.
func TestHash(t *testing.T) {
	if os.Getenv("NNDIY_CPU") != "generic" {
		t.Skip("runs within TestPlanePage")
	}
	t.Log("hash " + planeHash(t, hashSettings))
}

// nativeHash returns the hash of a process with portable kernels, whose bits WebAssembly has.
func nativeHash(t *testing.T) string {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestHash$", "-test.v")
	c.Env = append(os.Environ(), "NNDIY_CPU=generic")
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	_, after, ok := strings.Cut(string(out), "hash ")
	require.True(t, ok, string(out))
	return after[:16]
}

// codeHash runs a program that the pane shows, with portable kernels, and returns the hash that it prints.
func codeHash(t *testing.T, code string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(path, []byte(code), 0o666))
	c := exec.Command("go", "run", path)
	c.Env = append(os.Environ(), "NNDIY_CPU=generic")
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	_, after, ok := strings.Cut(string(out), "weights ")
	require.True(t, ok, string(out))
	return after[:16]
}

// TestPlanePage drives the pane Plane: it trains, its state is in the address, two optimizers race, clicks add points, and the same
// seed gives the weights of a process without a browser, and so does the code that the pane shows.
func TestPlanePage(t *testing.T) {
	b := open(t)
	b.show("#plane?data=spiral&seed=7&noise=0.02&epochs=3")
	b.until(`document.getElementById('hash').textContent.length === 16`)
	require.Equal(t, "spiral", eval[string](b, `document.querySelector('select[name=data]').value`))
	for range 3 {
		b.click("button[name=epoch]")
	}
	b.until(`document.querySelector('.status').textContent.startsWith('epoch 3,')`)
	require.Equal(t, nativeHash(t), eval[string](b, `document.getElementById('hash').textContent`))

	require.Equal(t, eval[string](b, `document.getElementById('hash').textContent`), codeHash(t, eval[string](b, `document.querySelector('.plane .code code').textContent`)))

	b.choose("select[name=epochs]", "1000")
	b.start()
	b.until(`/ [0-9]+ steps.s/.test(document.querySelector('.status').textContent)`)
	b.until(`/, (8[5-9]|9[0-9]|100)% correct/.test(document.querySelector('.legend').textContent)`)
	t.Logf("while it trains: %s", eval[string](b, `document.querySelector('.status').textContent`))
	b.shoot("plane")
	b.click("button[name=reset]")
	b.until(`document.querySelector('.status').textContent.startsWith('epoch 0,') && document.querySelector('button[name=run]').textContent === 'Run'`)
	b.choose("select[name=epochs]", "10")
	b.until(`location.hash.includes('epochs=10')`)
	b.start()
	b.until(`document.querySelector('.status').textContent.startsWith('epoch 10,') && document.querySelector('button[name=run]').textContent === 'Run'`)

	b.choose("select[name=rival]", "SGD")
	b.choose("select[name=epochs]", "100000")
	b.start()
	b.until(`document.querySelectorAll('.legend .key').length === 2 && location.hash.includes('rival=SGD')`)
	b.shoot("race")
	b.click("button[name=run]")

	b.choose("select[name=data]", "own")
	b.until(`document.querySelector('.status').textContent.startsWith('Click')`)
	b.click(".decision")
	b.until(`location.hash.includes('own=')`)
}
