package main

import "fmt"

// A vec is a virtual vector register; 0 is none.
type vec int

// A line is an instruction on virtual registers, or a line of Go assembler.
type line struct {
	raw  string
	def  vec
	use  []vec
	keep bool // the destination is changed: it is the first of use as well
	copy bool // it only copies its source
	word func(d int, u []int) (uint32, string)
}

// A function is a function under construction. Its vectors are virtual registers, which end gives real ones.
type function struct {
	name, doc, signature string
	frame                int
	params               []param
	results              int // offset of the result
	lines                []line
	vecs                 vec
	labels               int
	loops                [][2]int // first and last line
	n                    int      // registers of a vector
	gp                   int      // registers taken
}

// A param is a parameter of a function.
type param struct {
	name   string
	kind   byte // p pointer, v array of pointers, n integer, c float32, l uint64, w uint32
	offset int
}

// generalRegisters are those that Go leaves to assembly, in the order in which they are taken.
var generalRegisters = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25}

// A general is a general register.
type general int

func (g general) String() string { return fmt.Sprint("R", int(g)) }

// integer takes a general register.
func (f *function) integer() general {
	f.gp++
	return general(generalRegisters[f.gp-1])
}

// raw adds a line of Go assembler.
func (f *function) raw(format string, args ...any) {
	f.lines = append(f.lines, line{raw: fmt.Sprintf("\t"+format, args...)})
}

// label returns a new label.
func (f *function) label(name string) string {
	f.labels++
	return fmt.Sprint(name, f.labels)
}

// mark places a label.
func (f *function) mark(label string) { f.lines = append(f.lines, line{raw: label + ":"}) }

// loop adds a loop around body, which must contain the jump back to the label. Registers from before the loop that the body uses live
// until its end.
func (f *function) loop(body func(top string)) {
	top := f.label("loop")
	first := len(f.lines)
	f.mark(top)
	body(top)
	f.loops = append(f.loops, [2]int{first, len(f.lines) - 1})
}

// fresh returns a new virtual register.
func (f *function) fresh() vec {
	f.vecs++
	return f.vecs
}

// emit adds an instruction and returns its result, in a new register.
func (f *function) emit(i instruction, imm int, field uint32, use ...vec) vec {
	return f.emitTo(f.fresh(), i, imm, field, use...)
}

// emitTo adds an instruction whose result goes to d.
func (f *function) emitTo(d vec, i instruction, imm int, field uint32, use ...vec) vec {
	f.lines = append(f.lines, line{def: d, use: use, copy: i == mov, word: func(d int, u []int) (uint32, string) {
		n, m := 0, 0
		if len(u) > 0 {
			n, m = u[0], 0
		}
		if len(u) > 1 {
			m = u[1]
		}
		if i == mov {
			m = n
		}
		return i.assemble(d, n, m, imm, field)
	}})
	return d
}

// change adds an instruction that changes d.
func (f *function) change(d vec, i instruction, imm int, field uint32, n, m vec) vec {
	f.lines = append(f.lines, line{def: d, use: []vec{d, n, m}, keep: true, word: func(d int, u []int) (uint32, string) {
		return i.assemble(d, u[1], u[2], imm, field)
	}})
	return d
}

// memory adds an instruction that reads d from the address in g and an offset of imm bytes, or writes it there if store is set.
func (f *function) memory(i instruction, d vec, g general, imm, size int, store bool) {
	field := uint32(imm/max(size, 1)) << 10
	l := line{def: d, word: func(d int, _ []int) (uint32, string) { return i.assemble(d, int(g), 0, imm, field) }}
	if store {
		l.def, l.use = 0, []vec{d}
		l.word = func(_ int, u []int) (uint32, string) { return i.assemble(u[0], int(g), 0, imm, field) }
	}
	f.lines = append(f.lines, l)
}

// indexed is memory with an offset in a register.
func (f *function) indexed(i instruction, d vec, g, offset general, store bool) {
	l := line{def: d, word: func(d int, _ []int) (uint32, string) { return i.assemble(d, int(g), int(offset), 0, 0) }}
	if store {
		l.def, l.use = 0, []vec{d}
		l.word = func(_ int, u []int) (uint32, string) { return i.assemble(u[0], int(g), int(offset), 0, 0) }
	}
	f.lines = append(f.lines, l)
}

// allocate returns the real register of each virtual one in each line. A copy whose source is not needed any more gets its register.
func (f *function) allocate() []int {
	first, last := make([]int, f.vecs+1), make([]int, f.vecs+1)
	for v := range first {
		first[v] = -1
	}
	for i, l := range f.lines {
		for _, v := range append([]vec{l.def}, l.use...) {
			if first[v] < 0 {
				first[v] = i
			}
			last[v] = i
		}
	}
	for changed := true; changed; {
		changed = false
		for _, l := range f.loops {
			for v := range first {
				if first[v] < l[0] && last[v] >= l[0] && last[v] < l[1] {
					last[v], changed = l[1], true
				}
			}
		}
	}
	reg := make([]int, f.vecs+1)
	for v := range reg {
		reg[v] = -1
	}
	var owner [32]vec
	for i := range f.lines {
		l := &f.lines[i]
		for r, v := range owner {
			if v != 0 && (last[v] < i || last[v] == i && !l.keep) && v != l.def {
				owner[r] = 0
			}
		}
		if d := l.def; d != 0 && reg[d] < 0 {
			if l.copy && last[l.use[0]] == i {
				reg[d] = reg[l.use[0]]
			}
			for r := 0; reg[d] < 0; r++ {
				if r == 32 {
					panic(f.name + ": too few registers")
				}
				if owner[r] == 0 {
					reg[d] = r
				}
			}
			owner[reg[d]] = d
		}
		for _, v := range l.use {
			if reg[v] < 0 {
				panic(fmt.Sprint(f.name, ": a register is read before it is written, line ", i))
			}
		}
	}
	return reg
}

// text returns the function in Go assembler.
func (f *function) text() string {
	reg := f.allocate()
	s := fmt.Sprintf("// func %s%s\nTEXT ·%s(SB), NOSPLIT, $%d-%d\n", f.name, f.signature, f.name, f.frame, f.size())
	for _, l := range f.lines {
		if l.word == nil {
			s += l.raw + "\n"
			continue
		}
		var u []int
		for _, v := range l.use {
			u = append(u, reg[v])
		}
		if l.copy && reg[l.def] == u[0] {
			continue
		}
		word, text := l.word(max(reg[l.def], 0), u)
		s += fmt.Sprintf("\tWORD $0x%08x // %s\n", word, text)
	}
	return s + "\n"
}
