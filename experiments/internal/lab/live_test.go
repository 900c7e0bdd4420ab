package lab

import (
	"bytes"
	"flag"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFlagsBeforeReading: whatever is wrong with a flag, it is found before the images are read.
func TestFlagsBeforeReading(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"an address in use", []string{"-live", listener.Addr().String()}, "-live: got "},
		{"no port", []string{"-live", "localhost"}, "-live: got "},
		{"a port that there is not", []string{"-live", "localhost:100000"}, "-live: got "},
		{"a folder that cannot be made", []string{"-out", filepath.Join(file, "out")}, "-out: "},
		{"too many samples", []string{"-valid", "10000001"}, "-valid: got 10000001, want at most 10000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var live LiveFlag
			e := experiment(t, ok)
			e.Flags = live.Declare
			var stdout, stderr bytes.Buffer
			status := e.Main(c.args, &stdout, &stderr)
			if status != 2 || !strings.Contains(stderr.String(), c.want) || stdout.Len() > 0 {
				t.Errorf("got status %d, stdout %q and stderr %q, want 2, nothing, and %q", status, &stdout, &stderr, c.want)
			}
		})
	}
}

// TestLiveFlag: a valid address is kept, and free again for the run.
func TestLiveFlag(t *testing.T) {
	var live LiveFlag
	f := flag.NewFlagSet("test", flag.ContinueOnError)
	live.Declare(f)
	if err := f.Parse([]string{"-live", "localhost:0"}); err != nil || live.addr != "localhost:0" {
		t.Errorf("got address %q and error %v, want localhost:0", live.addr, err)
	}
}
