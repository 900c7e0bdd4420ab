package arrows

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestStatic: only the programs that train on several processes depend on graph/parallel/mpi, which links them dynamically.
func TestStatic(t *testing.T) {
	dynamic := []string{"graph/parallel/mpi", "experiments/parallel"}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Deps " "}}`, module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		deps := strings.Fields(line)
		path := strings.TrimPrefix(deps[0], module)
		depends := slices.ContainsFunc(deps, func(d string) bool { return strings.HasPrefix(d, "github.com/ebitengine/purego") })
		switch {
		case depends && !slices.Contains(dynamic, path):
			t.Errorf("%s: got a dependency on purego, want it only in %q", path, dynamic)
		case depends:
			found++
		}
	}
	if found != len(dynamic) {
		t.Errorf("got %d packages that depend on purego, want %d: %q", found, len(dynamic), dynamic)
	}
}
