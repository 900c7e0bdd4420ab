package main

import (
	"encoding/binary"
	"math"
	"slices"
)

// A kind is the type of a WebAssembly value.
type kind byte

const (
	i32  kind = 0x7f
	i64  kind = 0x7e
	f32  kind = 0x7d
	f64  kind = 0x7c
	v128 kind = 0x7b
)

// A code is a sequence of instructions: an expression, which leaves one value on the stack, or a statement.
type code []byte

// unsigned appends n in LEB128.
func unsigned(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }

// signed appends n in signed LEB128.
func signed(b []byte, n int64) []byte {
	for {
		low := byte(n & 0x7f)
		n >>= 7
		if n == 0 && low&0x40 == 0 || n == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}

// join returns the codes one after the other.
func join(parts ...code) code { return slices.Concat(parts...) }

// op returns the instruction with the given opcode, after its operands.
func op(opcode byte, operands ...code) code { return append(join(operands...), opcode) }

// simd returns a vector instruction, after its operands.
func simd(opcode uint64, operands ...code) code {
	return unsigned(append(join(operands...), 0xfd), opcode)
}

// access returns an instruction on memory, after its operands. align is the logarithm of the size.
func access(opcode code, align, offset int, operands ...code) code {
	return unsigned(unsigned(join(append(operands, opcode)...), uint64(align)), uint64(offset))
}

// simdAccess returns a vector instruction on memory.
func simdAccess(opcode uint64, align, offset int, operands ...code) code {
	return access(unsigned([]byte{0xfd}, opcode), align, offset, operands...)
}

// number returns a constant of type i32.
func number(n int) code { return signed([]byte{0x41}, int64(int32(n))) }

// real returns a constant of type f64.
func real(x float64) code { return binary.LittleEndian.AppendUint64([]byte{0x44}, math.Float64bits(x)) }

// A function is a function of the module.
type function struct {
	name    string // exported under this name unless empty
	params  []kind
	results []kind
	locals  []kind
	body    code
	index   int
}

// A module is the module being written.
type module struct {
	functions []*function
}

// add adds a function without code.
func (m *module) add(name string, params []kind, results ...kind) *function {
	f := &function{name: name, params: params, results: results, index: len(m.functions)}
	m.functions = append(m.functions, f)
	return f
}

// emit appends statements.
func (f *function) emit(parts ...code) { f.body = append(f.body, join(parts...)...) }

// param returns the i-th parameter.
func (f *function) param(i int) local { return local(i) }

// local returns a new local variable.
func (f *function) local(k kind) local {
	f.locals = append(f.locals, k)
	return local(len(f.params) + len(f.locals) - 1)
}

// let stores the value of e in a new variable and returns the expression that reads it.
func (f *function) let(k kind, e code) code {
	v := f.local(k)
	f.emit(v.set(e))
	return v.get()
}

// A local is a local variable, by its number.
type local int

func (v local) get() code       { return unsigned([]byte{0x20}, uint64(v)) }
func (v local) set(e code) code { return unsigned(append(slices.Clone(e), 0x21), uint64(v)) }

// add returns the statement that adds e to v, of type i32.
func (v local) add(e code) code { return v.set(op(0x6a, v.get(), e)) }

// call returns a call.
func (f *function) call(arguments ...code) code {
	return unsigned(append(join(arguments...), 0x10), uint64(f.index))
}

// The next functions write structured statements. A branch leaves the innermost ones by its number, counted outwards from 0.

const noResult = 0x40

// loop writes a loop whose body runs again if it ends with the value of again, which must not be 0.
func (f *function) loop(body func(), again code) {
	f.emit(code{0x03, noResult})
	body()
	f.emit(again, code{0x0d, 0, 0x0b})
}

// when writes the body under a condition.
func (f *function) when(condition code, body func()) {
	f.emit(condition, code{0x04, noResult})
	body()
	f.emit(code{0x0b})
}

// choose writes one of two bodies.
func (f *function) choose(condition code, yes, no func()) {
	f.emit(condition, code{0x04, noResult})
	yes()
	f.emit(code{0x05})
	no()
	f.emit(code{0x0b})
}

// block writes a body that leaveIf leaves.
func (f *function) block(body func()) {
	f.emit(code{0x02, noResult})
	body()
	f.emit(code{0x0b})
}

// leaveIf leaves the block around it, at the given number of statements outwards.
func (f *function) leaveIf(condition code, outwards int) {
	f.emit(condition, unsigned(code{0x0d}, uint64(outwards)))
}

// bytes returns the module. It imports the memory go.mem, and the address go.block of the arguments as a global.
func (m *module) bytes() []byte {
	b := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, count int, items ...[]byte) {
		content := append(unsigned(nil, uint64(count)), slices.Concat(items...)...)
		b = append(unsigned(append(b, id), uint64(len(content))), content...)
	}
	var types, indices, exports, bodies []byte
	exported := 0
	for i, f := range m.functions {
		types = append(append(types, 0x60), kinds(f.params)...)
		types = append(types, kinds(f.results)...)
		indices = unsigned(indices, uint64(i))
		if f.name != "" {
			exported++
			exports = append(unsigned(append(exports, text(f.name)...), 0), unsigned(nil, uint64(i))...)
		}
		body := f.encode()
		bodies = append(unsigned(bodies, uint64(len(body))), body...)
	}
	n := len(m.functions)
	section(1, n, types)
	section(2, 2, text("go"), text("mem"), []byte{0x02, 0x00, 0x00}, text("go"), text("block"), []byte{0x03, byte(i32), 0x00})
	section(3, n, indices)
	section(7, exported, exports)
	section(10, n, bodies)
	return b
}

// encode returns the code of the function with its locals.
func (f *function) encode() []byte {
	var runs [][]kind // equal types that follow each other
	for i, k := range f.locals {
		if i > 0 && f.locals[i-1] == k {
			runs[len(runs)-1] = append(runs[len(runs)-1], k)
		} else {
			runs = append(runs, []kind{k})
		}
	}
	b := unsigned(nil, uint64(len(runs)))
	for _, r := range runs {
		b = append(unsigned(b, uint64(len(r))), byte(r[0]))
	}
	return append(append(b, f.body...), 0x0b)
}

func kinds(list []kind) []byte {
	b := unsigned(nil, uint64(len(list)))
	for _, k := range list {
		b = append(b, byte(k))
	}
	return b
}

func text(s string) []byte { return append(unsigned(nil, uint64(len(s))), s...) }
