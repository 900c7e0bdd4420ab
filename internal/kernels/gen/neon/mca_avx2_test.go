package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// compareAVX2 prints the cycles of the AVX2 forms, in the models of two processors of 256-bit vectors, for comparison.
func compareAVX2(t *testing.T) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "kernels")
	build := exec.Command("go", "test", "-c", "-o", binary, ".")
	build.Dir = filepath.Join("..", "..") // package kernels
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, cpu := range []string{"skylake", "znver2"} {
		fmt.Printf("%-12s AVX2 form %27s", cpu, "")
		for _, name := range []string{"expAVX2", "tanhAVX2", "sigmoidAVX2"} {
			loop := loopAVX2(t, binary, name)
			n, _ := cyclesOf(t, "x86_64", cpu, loop)
			fmt.Printf(" %6.2f", n/float64(8*len(regexp.MustCompile(`(?m)^vmovups %ymm\d+,`).FindAllString(loop, -1))))
		}
		fmt.Println()
	}
}

// loopAVX2 returns the first loop of a function of package kernels, without the jump at its end.
func loopAVX2(t *testing.T, binary, name string) string {
	t.Helper()
	out, err := exec.Command("objdump", "-d", "--no-show-raw-insn", "--disassemble=github.com/nndiy/nndiy/internal/kernels."+name+".abi0", binary).Output()
	if err != nil {
		t.Skip(err)
	}
	var at []uint64
	var text []string
	for _, m := range regexp.MustCompile(`(?m)^ *([0-9a-f]+):\t(.*)$`).FindAllStringSubmatch(string(out), -1) {
		address, err := strconv.ParseUint(m[1], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		instruction, _, _ := strings.Cut(m[2], "#")
		at, text = append(at, address), append(text, strings.TrimSpace(regexp.MustCompile(` +`).ReplaceAllString(instruction, " ")))
		jump := regexp.MustCompile(`^j[a-z]+ +([0-9a-f]+)`).FindStringSubmatch(m[2])
		if jump == nil {
			continue
		}
		target, err := strconv.ParseUint(jump[1], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range at {
			if a == target {
				return strings.Join(text[i:len(text)-1], "\n") + "\n"
			}
		}
	}
	t.Fatalf("%s: got no loop", name)
	return ""
}
