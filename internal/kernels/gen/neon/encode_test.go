package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEncodings compares each word that the generator writes with the text that a disassembler gives it.
func TestEncodings(t *testing.T) {
	const objdump = "aarch64-linux-gnu-objdump" // Debian: binutils-aarch64-linux-gnu
	if _, err := exec.LookPath(objdump); err != nil {
		t.Skip(err)
	}
	functionList, constants = nil, pool{}
	write()
	var code []byte
	var want []string
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`WORD \$0x([0-9a-f]{8}) // (.*)`).FindAllStringSubmatch(assembly(), -1) {
		if seen[m[0]] {
			continue
		}
		seen[m[0]] = true
		w, err := strconv.ParseUint(m[1], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		code = binary.LittleEndian.AppendUint32(code, uint32(w))
		want = append(want, m[2])
	}
	file := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(objdump, "-D", "-b", "binary", "-m", "aarch64", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`(?m)^ *[0-9a-f]+:\t[0-9a-f]{8} \t(.*)$`).FindAllStringSubmatch(string(out), -1)
	if len(want) == 0 || len(got) != len(want) {
		t.Fatalf("got %d instructions, want %d", len(got), len(want))
	}
	for i, g := range got {
		if text := strings.ReplaceAll(g[1], "\t", " "); text != want[i] {
			t.Errorf("word %d: got %q, want %q", i, text, want[i])
		}
	}
}

// TestGeneratedTwice checks that the generator is deterministic, so that CI can compare its output with the committed files.
func TestGeneratedTwice(t *testing.T) {
	functionList, constants = nil, pool{}
	write()
	first := assembly() + declarations()
	functionList, constants = nil, pool{}
	write()
	if assembly()+declarations() != first {
		t.Error("got another text the second time")
	}
}
