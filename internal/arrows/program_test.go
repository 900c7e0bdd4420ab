package arrows

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMNISTOnDemand: a program contains MNIST if it calls datasets.MNIST, and not if it uses package datasets otherwise.
func TestMNISTOnDemand(t *testing.T) {
	images, err := os.ReadFile("../../datasets/mnist/train-images-idx3-ubyte.gz")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", dir+string(filepath.Separator), "./testdata/predicts", "./testdata/digits")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v: %s", err, out)
	}
	programs, err := os.ReadDir(dir)
	if err != nil || len(programs) != 2 {
		t.Fatalf("got %v, %v, want two programs", programs, err)
	}
	for _, p := range programs {
		content, err := os.ReadFile(filepath.Join(dir, p.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := bytes.Contains(content, images), strings.HasPrefix(p.Name(), "digits"); got != want {
			t.Errorf("%s, %d bytes: got MNIST in it: %v, want %v", p.Name(), len(content), got, want)
		}
	}
}

// TestPredictionIsSmall: a program that only predicts depends on no package that other programs have for the network, pictures or pages.
func TestPredictionIsSmall(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"graph", module+"layers").Output()
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Fields(string(out))
	if !slices.Contains(list, "gorgonia.org/gorgonia") {
		t.Fatalf("got %d packages without gorgonia, want those of graph", len(list))
	}
	for _, p := range list {
		for _, heavy := range []string{"net/http", "crypto/tls", "html", "image/png", "go/parser", "testing", "embed",
			"github.com/schollz/", "github.com/klauspost/", "github.com/andybalholm/", "github.com/ebitengine/", "gonum.org/v1/plot", module + "datasets",
			module + "optimizers", module + "losses", module + "metrics", module + "callbacks"} {
			if p == heavy || strings.HasSuffix(heavy, "/") && strings.HasPrefix(p, heavy) {
				t.Errorf("graph or layers depends on %s, want programs that predict without it", p)
			}
		}
	}
}
