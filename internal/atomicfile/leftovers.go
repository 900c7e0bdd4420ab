package atomicfile

import (
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// unfinished holds the paths of the temporary files that this process is writing.
var unfinished sync.Map

// temporaryPrefix returns the prefix of the names of a series' temporary files. The ID of the writing process and a dash
// follow it.
func temporaryPrefix(series string) string {
	h := fnv.New64a()
	h.Write([]byte(series))
	return fmt.Sprintf(".nndiy-%016x-", h.Sum64())
}

// removeLeftovers removes temporary files whose processes have ended. It skips a file that it cannot remove, since such a
// file does no harm.
func removeLeftovers(folder, prefix string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), prefix)
		number, _, found := strings.Cut(rest, "-")
		pid, err := strconv.Atoi(number)
		if !ours || !found || err != nil || !strings.HasSuffix(rest, ".tmp") {
			continue
		}
		name := filepath.Join(folder, e.Name())
		if _, writing := unfinished.Load(name); !writing && (pid == os.Getpid() || !running(pid)) {
			os.Remove(name)
		}
	}
}

// running reports whether the process with the given ID exists. It returns true on systems where this is unknown.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone)
}
