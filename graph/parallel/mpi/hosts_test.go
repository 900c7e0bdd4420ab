package mpi

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hosts are two "machines": network namespaces that a virtual cable joins, at 1 Gbit/s. Programs start in them through an agent, a
// script in place of ssh.
type hosts struct {
	names     [2]string // of the namespaces
	addresses [2]string
	agent     string
}

// cable is the name of the interface in both namespaces.
const cable = "nndiy0"

// newHosts makes two hosts, which the test's end removes.
func newHosts(t *testing.T) *hosts {
	t.Helper()
	h := &hosts{addresses: [2]string{"10.77.0.1", "10.77.0.2"}}
	run := func(args ...string) {
		t.Helper()
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		require.NoError(t, err, "%v: %s", args, out)
	}
	for i := range h.names {
		h.names[i] = fmt.Sprintf("nndiy%d-%d", os.Getpid(), i)
		if out, err := exec.Command("ip", "netns", "add", h.names[i]).CombinedOutput(); err != nil {
			t.Skipf("needs network namespaces: %v: %s", err, out)
		}
		t.Cleanup(func() {
			h.clear(i)
			run("ip", "netns", "del", h.names[i])
		})
	}
	run("ip", "link", "add", cable, "netns", h.names[0], "type", "veth", "peer", "name", cable, "netns", h.names[1])
	script := "#!/bin/sh\nwhile case $1 in -*) true;; *) false;; esac; do shift; done\ncase $1 in\n"
	for i, name := range h.names {
		run("ip", "-n", name, "address", "add", h.addresses[i]+"/24", "dev", cable)
		run("ip", "-n", name, "link", "set", "lo", "up")
		run("ip", "-n", name, "link", "set", cable, "up")
		run("tc", "-n", name, "qdisc", "add", "dev", cable, "root", "tbf", "rate", "1gbit", "burst", "256kb", "latency", "50ms")
		script += fmt.Sprintf("%s) space=%s;;\n", h.addresses[i], name)
	}
	h.wait(t)
	script += "esac\nhost=$1\nshift\nexec ip netns exec $space unshare --uts sh -c \"hostname h-${host##*.}; $*\"\n"
	h.agent = filepath.Join(t.TempDir(), "agent")
	require.NoError(t, os.WriteFile(h.agent, []byte(script), 0o700))
	return h
}

// wait waits until the kernel has noticed that the cable is up, which takes it up to a second. UCX ignores a device before.
func (h *hosts) wait(t *testing.T) {
	t.Helper()
	for _, name := range h.names {
		require.Eventually(t, func() bool {
			out, err := exec.Command("ip", "-n", name, "link", "show", cable).Output()
			return err == nil && strings.Contains(string(out), "state UP")
		}, 10*time.Second, 10*time.Millisecond)
	}
}

// clear ends the programs that are left on a host.
func (h *hosts) clear(i int) {
	out, _ := exec.Command("ip", "netns", "pids", h.names[i]).Output()
	for _, pid := range strings.Fields(string(out)) {
		if n, err := strconv.Atoi(pid); err == nil {
			_ = syscall.Kill(n, syscall.SIGKILL)
		}
	}
}

// command returns the command that starts a rank on each host.
func (h *hosts) command(t *testing.T, launcher, role string, env ...string) *exec.Cmd {
	t.Helper()
	list := strings.Join(h.addresses[:], ",")
	args := []string{"netns", "exec", h.names[0], "unshare", "--uts", "sh", "-c", `hostname h-1; exec "$@"`, "sh", launcher}
	env = append(env, roleKey+"="+role)
	if strings.Contains(launcher, "openmpi") {
		args = append(args, "--allow-run-as-root", "-n", "2", "--host", h.addresses[0]+":1,"+h.addresses[1]+":1", "--mca", "plm_rsh_agent", h.agent,
			"--mca", "pml", "ob1", "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", cable, "--mca", "oob_tcp_if_include", cable)
		for _, v := range env {
			args = append(args, "-x", v)
		}
	} else { // without these variables, MPICH uses the memory that the namespaces share
		env = append(env, "UCX_TLS=tcp,self", "UCX_NET_DEVICES="+cable, "MPIR_CVAR_NOLOCAL=1")
		args = append(args, "-launcher", "ssh", "-launcher-exec", h.agent, "-iface", cable, "-localhost", h.addresses[0], "-hosts", list, "-ppn", "1", "-n", "2")
		for _, v := range env {
			name, value, _ := strings.Cut(v, "=")
			args = append(args, "-genv", name, value)
		}
	}
	c := exec.Command("ip", append(args, os.Args[0])...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.WaitDelay = time.Second
	return c
}

// sent returns the bytes that a host has sent.
func (h *hosts) sent(t *testing.T, i int) int {
	t.Helper()
	out, err := exec.Command("ip", "netns", "exec", h.names[i], "cat", "/sys/class/net/"+cable+"/statistics/tx_bytes").Output()
	require.NoError(t, err)
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	require.NoError(t, err)
	return n
}

// hostsOf is newHosts for a test that needs -long.
func hostsOf(t *testing.T) *hosts {
	t.Helper()
	needLong(t)
	if os.Getuid() != 0 {
		t.Skip("needs root for network namespaces")
	}
	return newHosts(t)
}

// TestHosts: two machines train to the same bits as one process, and the gradients go through the cable.
func TestHosts(t *testing.T) {
	h := hostsOf(t)
	alone := exec.Command(os.Args[0])
	alone.Env = append(os.Environ(), roleKey+"=mlp")
	want, err := alone.Output()
	require.NoError(t, err)
	for _, l := range launchers(t) {
		before := [2]int{h.sent(t, 0), h.sent(t, 1)}
		out, err := limited(t, h.command(t, l, "mlp"), time.Minute)
		require.NoError(t, err, "%s: %s", l, out)
		require.Equal(t, 2, strings.Count(out, string(want)), "%s: %s", l, out)
		for i := range before { // 771 gradients a step, and the agreement of a kilobyte
			sent := h.sent(t, i) - before[i]
			require.Greater(t, sent, 200*(4*771+1024), "%s, host %d", l, i)
			t.Logf("%s: host %d sent %d bytes in 200 steps", l, i, sent)
		}
	}
}

// TestCut: after a cut of the cable each rank ends by its deadline, with the step and the silent rank, though the launcher may hang.
func TestCut(t *testing.T) {
	h := hostsOf(t)
	for _, l := range launchers(t) {
		notes := t.TempDir()
		c := h.command(t, l, "mlp", "NNDIY_TEST_MPI_PAUSE=2ms", "NNDIY_TEST_MPI_TIMEOUT=2s", "NNDIY_TEST_MPI_NOTES="+notes)
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		require.NoError(t, c.Start())
		require.Eventually(t, func() bool { return exists(notes, "started 0") && exists(notes, "started 1") }, time.Minute, 10*time.Millisecond)
		cut, err := exec.Command("ip", "-n", h.names[0], "link", "set", cable, "down").CombinedOutput()
		require.NoError(t, err, string(cut))
		require.Eventually(t, func() bool { return exists(notes, "0") && exists(notes, "1") }, 20*time.Second, 10*time.Millisecond, "a rank hangs")
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait()
		for rank := range 2 {
			text, err := os.ReadFile(filepath.Join(notes, fmt.Sprint(rank)))
			require.NoError(t, err)
			require.Regexp(t, fmt.Sprintf(`step \d+: .*no word from rank %d within 2s`, 1-rank), string(text), l)
			h.clear(rank)
		}
		cut, err = exec.Command("ip", "-n", h.names[0], "link", "set", cable, "up").CombinedOutput()
		require.NoError(t, err, string(cut))
		h.wait(t)
	}
}

// exists reports whether a file is in a folder.
func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}
