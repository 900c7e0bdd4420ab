package main

import (
	"flag"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var mca = flag.Bool("mca", false, "print what llvm-mca says of the inner loops, and check the one of the product")

// TestSpeedOfLoops prints the cycles of inner loops in the models of llvm-mca (Debian: llvm). The bound of the
// product is what the pipes of the same model need for its multiply-adds.
func TestSpeedOfLoops(t *testing.T) {
	if !*mca {
		t.Skip("without -mca")
	}
	functionList, constants = nil, pool{}
	write()
	bounds := map[string]float64{"cortex-a53": 0, "cortex-a72": 0.85, "neoverse-n1": 0.9, "apple-m1": 0.9}
	fmt.Printf("%-12s %9s %9s %6s   cycles an element: exp, tanh, sigmoid\n", "processor", "bound", "product", "ratio")
	for _, cpu := range []string{"cortex-a53", "cortex-a72", "neoverse-n1", "apple-m1"} {
		loop := firstLoop("stripNEON", 24)
		product, _ := cycles(t, cpu, loop)
		_, peak := cycles(t, cpu, strings.Join(regexp.MustCompile("(?m)^fmla .*$").FindAllString(loop, -1), "\n"))
		peak, product = peak/24, product/24
		fmt.Printf("%-12s %9.3f %9.3f %6.2f  ", cpu, peak, product, peak/product)
		for _, name := range []string{"expNEON", "tanhNEON", "sigmoidNEON"} {
			n, _ := cycles(t, cpu, firstLoop(name, 0))
			fmt.Printf(" %6.2f", n/16)
		}
		fmt.Println()
		if peak/product < bounds[cpu] {
			t.Errorf("%s: product: got %.2f of the bound, want %.2f", cpu, peak/product, bounds[cpu])
		}
	}
	compareAVX2(t)
}

// cycles returns the cycles of one round of a loop, and those that its pipes need.
func cycles(t *testing.T, cpu, loop string) (all, pipes float64) {
	t.Helper()
	return cyclesOf(t, "aarch64", cpu, loop)
}

func cyclesOf(t *testing.T, triple, cpu, loop string) (all, pipes float64) {
	t.Helper()
	cmd := exec.Command("llvm-mca", "-mtriple="+triple, "-mcpu="+cpu, "-iterations=200", "-instruction-info=0", "-resource-pressure=0")
	cmd.Stdin = strings.NewReader(loop)
	out, err := cmd.Output()
	if err != nil {
		t.Skip(err)
	}
	number := func(what string) float64 {
		m := regexp.MustCompile(what + `: +([0-9.]+)`).FindSubmatch(out)
		if m == nil {
			t.Fatalf("%s: got no %s from llvm-mca", cpu, what)
		}
		n, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return number("Total Cycles") / 200, number("Block RThroughput")
}

// firstLoop returns the first loop of a function in the syntax of LLVM; the first with so many multiply-adds, if multiplyAdds is not 0.
func firstLoop(name string, multiplyAdds int) string {
	for _, f := range functionList {
		if f.name != name {
			continue
		}
		text := strings.Split(f.text(), "\n")
		start := -1
		for i, line := range text {
			if strings.HasPrefix(line, "loop") {
				start = i
			}
			if start < 0 || !strings.HasPrefix(line, "\tB") || !strings.HasSuffix(line, " "+strings.TrimSuffix(text[start], ":")) {
				continue
			}
			body := strings.Join(text[start:i+1], "\n")
			if multiplyAdds == 0 || strings.Count(body, "// fmla") == multiplyAdds {
				return translate(text[start : i+1])
			}
		}
	}
	panic("no loop in " + name)
}

// translate returns lines of Go assembler in the syntax of LLVM.
func translate(lines []string) (out string) {
	registers := regexp.MustCompile(`\bR(\d+)`)
	for _, line := range lines {
		op, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		args := strings.Split(strings.ReplaceAll(registers.ReplaceAllString(rest, "x$1"), "$", "#"), ", ")
		switch op {
		case "WORD":
			_, text, _ := strings.Cut(line, "// ")
			out += text + "\n"
		case "ADD", "SUB", "SUBS":
			last := args[len(args)-1]
			if len(args) == 2 {
				args = []string{args[0], last, last}
			}
			out += fmt.Sprintf("%s %s, %s, %s\n", strings.ToLower(op), args[2], args[1], args[0])
		case "BNE", "BGE", "BGT":
			out += fmt.Sprintf("b.%s %s\n", strings.ToLower(op[1:]), args[0])
		default:
			if !strings.HasSuffix(op, ":") {
				panic("cannot translate " + line)
			}
			out += op + "\n"
		}
	}
	return out
}
