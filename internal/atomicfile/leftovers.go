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

// temporaryPrefix returns the beginning of the names of temporary files of a series; the number of the process that writes
// one and a dash follow.
func temporaryPrefix(series string) string {
	h := fnv.New64a()
	h.Write([]byte(series))
	return fmt.Sprintf(".nndiy-%016x-", h.Sum64())
}

// removeLeftovers removes temporary files whose processes have ended. It ignores a file that it cannot remove: that does
// no harm.
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

// running reports whether a process of that number exists; true on systems that cannot tell.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone)
}
