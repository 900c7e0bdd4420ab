// Package arrows tests which packages may import which.
package arrows

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/nndiy/nndiy/"

type room struct {
	path string
	may  []string
}

// rooms lists the packages, and for each the packages of this module that it may import. A path with a trailing slash stands
// for all packages below it.
var rooms = []room{
	{"internal/kernels/coefficients", nil},
	{"internal/kernels", []string{"internal/kernels/coefficients"}},
	{"internal/atomicfile", nil},
	{"internal/checkpoint", nil},
	{"internal/scoring", nil},
	{"internal/settings", nil},
	{"internal/times", nil},
	{"internal/settings/settingstest", nil},
	{"internal/tensors", []string{"internal/kernels"}},
	{"internal/benchtest", nil},
	{"internal/golden", nil},
	{"internal/ort", nil},
	{"internal/extremes", []string{"graph"}},
	{"internal/arrows", nil},
	{"graph/internal/codec", nil},
	{"graph/internal/safetensors", nil},
	{"graph/internal/picture", nil},
	{"graph/internal/ops", []string{"internal/kernels", "internal/tensors"}},
	{"graph/internal/program", []string{"graph/internal/ops", "internal/tensors"}},
	{"graph/internal/sketch", []string{"graph/internal/ops", "graph/internal/picture"}},
	{"graph/internal/friend", nil},
	{"graph/internal/collective", []string{"internal/kernels"}},
	{"graph/parallel", []string{"graph", "graph/internal/collective", "internal/kernels"}},
	{"graph/parallel/mpi", []string{"graph", "graph/parallel"}},
	{"graph", []string{"graph/internal/", "internal/atomicfile", "internal/checkpoint", "internal/kernels", "internal/scoring", "internal/tensors"}},
	{"graph/graphtest", []string{"graph"}},
	{"graph/search", nil},
	// A server reads NumPy arrays and pictures, prepared as in training: datasets has both, and needs nothing above graph.
	{"graph/serve", []string{"graph", "datasets", "internal/kernels", "internal/settings"}},
	{"graph/onnx/internal/proto", nil},
	{"graph/onnx/internal/eval", []string{"graph/onnx/internal/proto", "internal/kernels"}},
	{"graph/onnx", []string{"graph", "graph/internal/friend", "graph/internal/ops", "graph/internal/safetensors", "graph/onnx/internal/",
		"internal/atomicfile", "internal/kernels", "internal/tensors"}},
	{"layers", []string{"graph", "internal/settings", "internal/tensors", "internal/times"}},
	{"losses", []string{"graph", "internal/settings"}},
	{"metrics", []string{"graph", "internal/scoring", "internal/settings", "internal/kernels", "internal/tensors"}},
	{"optimizers", []string{"graph", "internal/settings", "internal/kernels", "internal/tensors"}},
	{"callbacks/internal/", nil},
	{"callbacks", []string{"graph", "internal/atomicfile", "internal/checkpoint", "internal/settings", "internal/tensors", "callbacks/internal/"}},
	{"datasets", []string{"graph", "internal/atomicfile", "internal/settings", "internal/kernels", "internal/tensors", "internal/times"}},
	{"experiments/internal/labtest", []string{"graph", "graph/onnx", "internal/golden", "internal/ort"}},
	// It compares the library with onnxruntime, which internal/ort finds.
	{"experiments/bench", []string{"layers", "losses", "optimizers", "datasets", "graph", "graph/onnx", "experiments/internal/",
		"internal/atomicfile", "internal/kernels", "internal/ort"}},
	{"experiments/parallel", []string{"callbacks", "layers", "losses", "optimizers", "datasets", "graph", "graph/parallel/mpi", "experiments/internal/"}},
	{"experiments/playground/", []string{"callbacks", "layers", "losses", "metrics", "optimizers", "datasets", "graph",
		"experiments/playground/internal/", "internal/atomicfile", "internal/kernels"}},
	{"experiments/playground", []string{"experiments/learn", "experiments/internal/command", "internal/atomicfile"}},
	{"experiments/learn/internal/", []string{"internal/kernels"}},
	{"experiments/learn/", []string{"layers", "losses", "metrics", "optimizers", "datasets", "graph", "experiments/learn/internal/"}},
	{"experiments/serve", []string{"experiments/internal/command", "layers", "losses", "metrics", "optimizers", "graph", "graph/onnx", "graph/serve"}},
	{"experiments/", []string{"callbacks", "layers", "losses", "metrics", "optimizers", "datasets", "graph", "graph/onnx", "graph/search", "experiments/internal/",
		"internal/atomicfile", "internal/kernels"}},
}

// outside lists packages of other modules that only some packages may import.
var outside = map[string][]string{
	"gorgonia.org/gorgonia":              {"graph", "graph/internal/ops", "graph/internal/program"},
	"github.com/chewxy/hm":               {"graph/internal/ops", "graph/internal/program"},
	"go4.org/unsafe/assume-no-moving-gc": {"graph/internal/program"},
	"github.com/schollz/progressbar/v3":  {"callbacks"},
	"golang.org/x/term":                  {"callbacks"},
	"github.com/ebitengine/purego":       {"graph/parallel/mpi"},
	"github.com/klauspost/compress/zstd": {"datasets"},
	"golang.org/x/sys/cpu":               {"internal/kernels"},
	"gonum.org/v1/plot":                  {"experiments/"},
	"github.com/andybalholm/brotli":      {"experiments/playground"},
	"github.com/yuin/goldmark":           {"experiments/playground"},
	"gonum.org/v1/gonum/optimize":        {"optimizers"},
}

func allowed(path string, list []string) bool {
	return slices.ContainsFunc(list, func(p string) bool {
		return p == path || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p)
	})
}

// TestArrows checks the imports of every package, except those of tests.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(out)))
	packages := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		packages++
		path := strings.TrimPrefix(p.ImportPath, module)
		at := slices.IndexFunc(rooms, func(r room) bool { return allowed(path, []string{r.path}) })
		if at < 0 {
			t.Errorf("%s: got a package that is not in rooms, want it listed", path)
			continue
		}
		for _, im := range p.Imports {
			if within, ok := strings.CutPrefix(im, module); ok && !allowed(within, rooms[at].may) {
				t.Errorf("%s: got an import of %s, want only %q", path, within, rooms[at].may)
			}
			if who, ok := outside[im]; ok && !allowed(path, who) {
				t.Errorf("%s: got an import of %s, want it only in %q", path, im, who)
			}
		}
	}
	if packages < 10 {
		t.Errorf("go list: got %d packages, want 10 or more", packages)
	}
}
