package kernels

import "os"

// An ISA is an instruction set that the kernels have a form for. A greater one includes the lesser ones.
type ISA int

// The forms, lowest first.
const (
	Generic ISA = iota // portable Go
	AVX2               // AVX2 and FMA
	AVX512             // AVX-512 F, DQ, BW and VL
)

// machine is the highest form that this machine and this build can run.
var machine = detect()

// isa is the form in use; every kernel branches on it.
var isa = choose(os.Getenv("NNDIY_CPU"))

// String returns the name of i, as NNDIY_CPU takes it.
func (i ISA) String() string {
	return [...]string{"generic", "avx2", "avx512"}[i]
}

// Best returns the form in use: the machine's highest, or a lower one that the environment variable NNDIY_CPU names.
func Best() ISA { return isa }

// ISAs returns all forms that this machine can run, lowest first.
func ISAs() []ISA {
	return []ISA{Generic, AVX2, AVX512}[:machine+1]
}

// choose returns the form that name asks for, or the machine's highest if it is no name or asks for more.
func choose(name string) ISA {
	for _, i := range ISAs() {
		if i.String() == name {
			return i
		}
	}
	return machine
}

// useISA switches all kernels to the form i. It is for tests, and not safe while kernels run.
func useISA(i ISA) { isa = min(i, machine) }
