// Package checkpoint names and lists the checkpoint files of a run in a folder.
package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
)

// Name returns the file name of the checkpoint after the given number of steps. Alphabetical order is the order of steps.
func Name(steps int) string { return fmt.Sprintf("step-%012d.nndiy", steps) }

// IsName reports whether a file name has the form that Name returns.
func IsName(name string) bool {
	ok, _ := filepath.Match("step-????????????.nndiy", name)
	return ok
}

// Series returns the series of a file for atomicfile.WriteSeries: one name that all checkpoints have in common, or the name
// of any other file.
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
