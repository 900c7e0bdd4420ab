package mpi

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// interrupted starts n ranks, calls f with the process of rank 1 when it has done 25 steps, and returns what they wrote until their end.
func interrupted(t *testing.T, c *exec.Cmd, limit time.Duration, f func(pid int)) (string, error) {
	t.Helper()
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	var errs bytes.Buffer
	c.Stderr = &errs
	require.NoError(t, c.Start())
	timer := time.AfterFunc(limit, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) })
	found := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var pid, rank int
		if n, _ := fmt.Sscanf(lines.Text(), "pid %d rank %d", &pid, &rank); n == 2 && rank == 1 {
			found = true
			f(pid)
		}
	}
	err = c.Wait()
	if !timer.Stop() {
		t.Fatalf("got no end of %v within %v; it wrote:\n%s", c.Args, limit, errs.String())
	}
	require.True(t, found, errs.String())
	return errs.String(), err
}

// TestKill: after kill -9 of a rank all ranks end with a status that is not 0, and a run that resumes from rank 0's checkpoint with
// another number of ranks has the bits of one that was never killed.
func TestKill(t *testing.T) {
	needLong(t)
	alone := exec.Command(os.Args[0])
	alone.Env = append(os.Environ(), roleKey+"=mlp")
	want, err := alone.Output()
	require.NoError(t, err)
	for _, l := range launchers(t) {
		dir := t.TempDir()
		killed := command(t, l, 4, "mlp", "NNDIY_TEST_MPI_DIR="+dir, "NNDIY_TEST_MPI_PAUSE=1ms")
		out, err := interrupted(t, killed, time.Minute, func(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) })
		require.Error(t, err, "%s: %s", l, out)
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.NotEmpty(t, left)
		require.Less(t, len(left), 20, "the run must not have come to its end")
		out, err = limited(t, command(t, l, 2, "mlp", "NNDIY_TEST_MPI_DIR="+dir), time.Minute)
		require.NoError(t, err, "%s: %s", l, out)
		require.Equal(t, strings.Repeat(string(want), 2), out, l)
	}
}

// TestStop: a rank that is stopped is named by the other one, with the step, when the deadline has passed.
func TestStop(t *testing.T) {
	needLong(t)
	for _, l := range launchers(t) {
		c := command(t, l, 2, "mlp", "NNDIY_TEST_MPI_PAUSE=1ms", "NNDIY_TEST_MPI_TIMEOUT=1s")
		stopped := 0
		out, err := interrupted(t, c, time.Minute, func(pid int) {
			stopped = pid
			_ = syscall.Kill(pid, syscall.SIGSTOP)
		})
		require.Error(t, err, "%s: %s", l, out)
		require.Regexp(t, `rank 0 of 2: graph: Fit: .*step \d+: .*no word from rank 1 within 1s`, out, l)
		_ = syscall.Kill(stopped, syscall.SIGKILL)
	}
}
