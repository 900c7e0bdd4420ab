package mpi

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/parallel"
)

// roleKey is the environment variable that makes the test program a rank; it says what the rank does.
const roleKey = "NNDIY_TEST_MPI_ROLE"

var long = flag.Bool("long", false, "also kill and stop ranks, and try all networks and sizes of the group")

// needLong skips a test unless -long is set.
func needLong(t *testing.T) {
	t.Helper()
	if !*long {
		t.Skip("needs -long")
	}
}

// requiredKey is the environment variable with the launchers that must be there, separated by commas: "mpirun.openmpi,mpirun.mpich".
const requiredKey = "NNDIY_TEST_MPI"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleKey); role != "" {
		timeout, _ := time.ParseDuration(os.Getenv("NNDIY_TEST_MPI_TIMEOUT"))
		os.Exit(Run(Config{Timeout: timeout, Library: os.Getenv("NNDIY_TEST_MPI_LIBRARY")}, func(g *Group) error { return noted(g, roles[role](g)) }))
	}
	os.Exit(m.Run())
}

// noted writes the error of a rank to a file, for tests in which the launcher loses the ranks' output.
func noted(g *Group, err error) error {
	if dir := os.Getenv("NNDIY_TEST_MPI_NOTES"); dir != "" && err != nil {
		path := filepath.Join(dir, strconv.Itoa(g.Rank()))
		return errors.Join(err, os.WriteFile(path+".part", []byte(err.Error()), 0o600), os.Rename(path+".part", path))
	}
	return err
}

// roles are what the ranks of the tests do.
var roles = map[string]func(g *Group) error{
	"exchange": exchanging,
	"mlp":      func(g *Group) error { return training(g, "mlp") },
	"cnn":      func(g *Group) error { return training(g, "cnn") },
	"lstm":     func(g *Group) error { return training(g, "lstm") },
	"error": func(g *Group) error {
		if g.Rank() == 1 {
			return errors.New("the disk is full")
		}
		return parallel.Barrier(context.Background(), g)
	},
	"panic": func(g *Group) error {
		if g.Rank() == 1 {
			var p *int
			*p = 1
		}
		return parallel.Barrier(context.Background(), g)
	},
	"leave": func(g *Group) error {
		if g.Rank() == 1 {
			os.Exit(0)
		}
		err := parallel.Barrier(context.Background(), g)
		if err == nil {
			fmt.Println("whole")
		}
		return err
	},
}

// exchanging exchanges messages of many lengths with all partners, from and into any memory and the group's, and sums vectors longer
// than the buffers.
func exchanging(g *Group) error {
	ctx := context.Background()
	for _, n := range []int{0, 1, 1000, 70000, bufferBytes - 1, bufferBytes, bufferBytes + 1, 2*bufferBytes + 5} {
		for kind := range 4 {
			out, in := make([]byte, n), make([]byte, n)
			if n > 0 {
				own := g.Memory(2 * n)
				out = [][]byte{out, own[:n], out, own[n:]}[kind]
				in = [][]byte{in, in, own[n:], own[:n]}[kind]
			}
			for bit := 1; bit < g.Size(); bit <<= 1 {
				partner := g.Rank() ^ bit
				copy(out, bytes.Repeat([]byte{byte(g.Rank() + n + kind)}, n))
				clear(in)
				if err := g.Exchange(ctx, partner, out, in); err != nil {
					return err
				}
				if !bytes.Equal(in, bytes.Repeat([]byte{byte(partner + n + kind)}, n)) {
					return fmt.Errorf("%d bytes from rank %d: got others", n, partner)
				}
			}
		}
	}
	x := make([]float32, 3<<20)
	for i := range x {
		x[i] = float32(g.Rank() + i%7)
	}
	if err := parallel.Sum(ctx, g, x); err != nil {
		return err
	}
	if _, err := Start(Config{}); err == nil || err.Error() != "mpi: Start: got a second call, want one in a process: MPI cannot be initialized again" {
		return fmt.Errorf("a second Start: got %v, want an error", err)
	}
	n := g.Size()
	for i := range x {
		if want := float32(n*(n-1)/2 + n*(i%7)); x[i] != want {
			return fmt.Errorf("element %d of the sum: got %v, want %v", i, x[i], want)
		}
	}
	if g.Exchange(ctx, g.Rank(), nil, nil) == nil {
		return errors.New("an exchange with itself: got no error")
	}
	fmt.Printf("exchanged: %v\n", g)
	return nil
}

// launchers returns the launchers that are there, and fails for one that is required and is not.
func launchers(t *testing.T) (list []string) {
	t.Helper()
	required := strings.FieldsFunc(os.Getenv(requiredKey), func(r rune) bool { return r == ',' })
	for _, name := range []string{"mpirun.openmpi", "mpirun.mpich"} {
		if _, err := exec.LookPath(name); err == nil {
			list = append(list, name)
		} else if slices.Contains(required, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(list) == 0 {
		t.Skip("there is no mpirun.openmpi and no mpirun.mpich")
	}
	return list
}

// command returns the command that starts n ranks.
func command(t *testing.T, launcher string, n int, role string, env ...string) *exec.Cmd {
	t.Helper()
	args := []string{"-n", strconv.Itoa(n)}
	if strings.Contains(launcher, "openmpi") {
		args = append([]string{"--allow-run-as-root", "--oversubscribe"}, args...)
	}
	c := exec.Command(launcher, append(args, os.Args[0])...)
	c.Env = append(append(os.Environ(), roleKey+"="+role), env...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.WaitDelay = 5 * time.Second
	return c
}

// limited runs a command and ends it and its ranks after a time.
func limited(t *testing.T, c *exec.Cmd, limit time.Duration) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	require.NoError(t, c.Start())
	timer := time.AfterFunc(limit, func() { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) })
	err := c.Wait()
	if !timer.Stop() {
		t.Fatalf("got no end of %v within %v; it wrote:\n%s", c.Args, limit, out.String())
	}
	return out.String(), err
}

// TestExchange: messages of all lengths arrive, with 2 and 4 ranks.
func TestExchange(t *testing.T) {
	for _, l := range launchers(t) {
		for _, n := range []int{2, 4} {
			if !*long && n > 2 {
				continue
			}
			out, err := limited(t, command(t, l, n, "exchange"), time.Minute)
			require.NoError(t, err, out)
			require.Equal(t, n, strings.Count(out, "exchanged: rank "), out)
		}
	}
}

// TestDigests: the weights after 200 steps have the same bits for any number of ranks, under Open MPI and MPICH.
func TestDigests(t *testing.T) {
	for _, name := range []string{"mlp", "cnn", "lstm"} {
		alone := exec.Command(os.Args[0])
		alone.Env = append(os.Environ(), roleKey+"="+name)
		want, err := alone.Output()
		require.NoError(t, err)
		require.Regexp(t, `^digest [0-9a-f]{16}\n$`, string(want))
		for _, l := range launchers(t) {
			for _, n := range []int{1, 2, 4, 8} {
				if !*long && (n != 2 || name != "mlp") {
					continue
				}
				out, err := limited(t, command(t, l, n, name), 2*time.Minute)
				require.NoError(t, err, out)
				require.Equal(t, strings.Repeat(string(want), n), out, "%s -n %d %s", l, n, name)
			}
		}
	}
}

// TestFailures: an error, a panic and a silent leave of one rank end all ranks, with a line that says why and a status that is not 0.
// After a leave with status 0, MPICH ends the others with that status and without a word, so a run must write a line at its end.
func TestFailures(t *testing.T) {
	needLong(t)
	for _, l := range launchers(t) {
		for role, want := range map[string]string{
			"error": "rank 1 of 2: the disk is full",
			"panic": "rank 1 of 2: panic: runtime error: invalid memory address",
			"leave": "",
		} {
			out, err := limited(t, command(t, l, 2, role, "NNDIY_TEST_MPI_TIMEOUT=2s"), time.Minute)
			require.Contains(t, out, want, "%s %s", l, role)
			require.NotContains(t, out, "whole", "%s %s", l, role)
			if role != "leave" || l != "mpirun.mpich" {
				require.Error(t, err, "%s %s: %s", l, role, out)
			}
		}
	}
}
