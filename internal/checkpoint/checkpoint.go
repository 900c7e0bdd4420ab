// Package checkpoint names the checkpoints of a run in a folder of several.
package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
)

// Name returns the name of the checkpoint after a number of steps. Names of more steps come later in alphabetical order.
func Name(steps int) string { return fmt.Sprintf("step-%012d.nndiy", steps) }

// IsName reports whether Name makes such names.
func IsName(name string) bool {
	ok, _ := filepath.Match("step-????????????.nndiy", name)
	return ok
}

// Series returns what the checkpoints of a folder have in common, for atomicfile.WriteSeries: one name for all of them, and
// for any other file its own.
func Series(path string) string {
	if name := filepath.Base(path); !IsName(name) {
		return name
	}
	return Name(0)
}

// List returns the names of the checkpoints in a folder, the oldest first.
func List(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder) // sorted
	var names []string
	for _, e := range entries {
		if IsName(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}
