package kernels

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// The directives for files that are not of amd64 are here: go generate reads no files for other machines.
//
//go:generate go run -C gen ./wasm -out ../simd_js.wasm
//go:generate go run -C gen ./neon -out ../neon_arm64.s -stubs ../neon_stub_arm64.go

// An ISA is an instruction set that kernels have a form for. A greater ISA includes the lesser ones.
type ISA int

// The instruction sets, lowest first.
const (
	Generic ISA = iota // portable Go
	AVX2               // AVX2 and FMA
	AVX512             // AVX-512 F, DQ, BW and VL
	SIMD128            // vectors of WebAssembly, with the bits of portable Go
	NEON               // vectors of arm64, mostly with the bits of portable Go there
)

// machine is the highest form that this machine and this build support.
var machine = detect()

// isa is the form in use; every kernel branches on it.
var isa = choose(os.Getenv("NNDIY_CPU"), os.Stderr)

// String returns the name of i, as the environment variable NNDIY_CPU spells it.
func (i ISA) String() string {
	return [...]string{"generic", "avx2", "avx512", "simd128", "neon"}[i]
}

// Best returns the form in use: the highest that the machine supports, or a lower one named by the environment variable
// NNDIY_CPU.
func Best() ISA { return isa }

// ISAs returns all forms that this machine supports, lowest first.
func ISAs() []ISA {
	return forms[:slices.Index(forms, machine)+1]
}

// choose returns the form with the given name; or the machine's highest, if the name is empty. If there is no such form or the machine does
// not support it, it says so, and which one it returns.
func choose(name string, warnings io.Writer) ISA {
	var names []string
	for _, i := range ISAs() {
		if i.String() == name {
			return i
		}
		names = append(names, i.String())
	}
	if name != "" {
		fmt.Fprintf(warnings, "nndiy: NNDIY_CPU: got %q, want one of %s on this machine; %v is in use\n", name, strings.Join(names, ", "), machine)
	}
	return machine
}

// useISA switches all kernels to the form i, for tests. It is not safe while kernels run.
func useISA(i ISA) { isa = min(i, machine) }
