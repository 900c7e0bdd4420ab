package graph

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// unfinished are the temporary files that this process is writing.
var unfinished sync.Map

// temporaryPrefix begins the names of temporary files for a path, or for all checkpoints of a folder; the number of the
// process that writes one follows, and a dash.
func temporaryPrefix(path string) string {
	name := filepath.Base(path)
	if IsCheckpointName(name) {
		name = CheckpointName(0)
	}
	return fmt.Sprintf(".nndiy-%016x-", hashString(name))
}

// removeStale removes temporary files whose processes are gone. What can't be removed stays: it does no harm.
func removeStale(folder, prefix string) {
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

// running tells whether there is a process of that number; where the system can't tell, that there is.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone)
}
