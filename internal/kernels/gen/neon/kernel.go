package main

import "fmt"

var functionList []*function

// begin starts a function, whose name ends in NEON; result is a type or empty.
func begin(name, doc string, params []param, result string) *function {
	return beginAs(name+"NEON", doc, params, result)
}

// beginAs starts a function of exactly this name, as that of the function for amd64 with the same arguments.
func beginAs(name, doc string, params []param, result string) *function {
	f := &function{name: name, doc: doc, n: 1}
	at, list := 0, ""
	for i, p := range params {
		size := 8
		if p.kind == 'c' || p.kind == 'w' {
			size = 4
		}
		at = (at + size - 1) / size * size
		params[i].offset = at
		at += size
		if i > 0 {
			list += ", "
		}
		list += p.name + " " + map[byte]string{'p': "*float32", 'v': "**float32", 'd': "*float64", 'b': "*byte", 'i': "*int32", 'n': "int", 'c': "float32", 'l': "uint64", 'w': "uint32"}[p.kind]
	}
	f.params, f.signature = params, "("+list+")"
	if f.results = (at + 7) / 8 * 8; result != "" {
		f.signature += " " + result
	}
	functionList = append(functionList, f)
	f.raw("MOVD $constants<>(SB), %v", constantBase)
	return f
}

// size returns the size of the arguments and the result.
func (f *function) size() int {
	n := f.results
	switch {
	case f.signature[len(f.signature)-7:] == "float64":
		n += 8
	case f.signature[len(f.signature)-7:] == "float32":
		n += 4
	case len(f.params) > 0:
		p := f.params[len(f.params)-1]
		n = p.offset + 8
		if p.kind == 'c' || p.kind == 'w' {
			n = p.offset + 4
		}
	}
	return n
}

// pointers returns parameters that are pointers to float32.
func pointers(names ...string) (p []param) {
	for _, n := range names {
		p = append(p, param{name: n, kind: 'p'})
	}
	return p
}

// param returns the parameter of the given name.
func (f *function) param(name string) param {
	for _, p := range f.params {
		if p.name == name {
			return p
		}
	}
	panic(f.name + ": no parameter " + name)
}

// load returns a general register with a parameter.
func (f *function) load(name string) general {
	p, g := f.param(name), f.integer()
	move := "MOVD"
	if p.kind == 'w' {
		move = "MOVWU"
	}
	f.raw("%s %s+%d(FP), %v", move, name, p.offset, g)
	return g
}

// scalar returns a register filled with a parameter of 32 bits.
func (f *function) scalar(name string) vec {
	p := f.param(name)
	g := f.integer()
	f.raw("MOVWU %s+%d(FP), %v", name, p.offset, g)
	return f.fill(g)
}

// fill returns a register filled with the low word of g.
func (f *function) fill(g general) vec {
	v := f.fresh()
	f.lines = append(f.lines, line{def: v, word: func(d int, _ []int) (uint32, string) { return dupW.assemble(d, int(g), 0, 0, 0) }})
	return v
}

// loadAt returns n registers loaded from g, storeAt stores some.
func (f *function) loadAt(g general, offset int) vector {
	return f.each(func(j int) vec { return f.quad(g, offset+16*j) })
}

func (f *function) quad(g general, offset int) vec {
	v := f.fresh()
	f.memory(ldrQ, v, g, offset, 16, false)
	return v
}

func (f *function) storeAt(v vector, g general, offset int) {
	for j, r := range v {
		f.memory(strQ, r, g, offset+16*j, 16, true)
	}
}

// rounds writes a loop that runs body once for each count in n, which is then the rest.
func (f *function) rounds(n general, count int, body func()) {
	end := f.label("end")
	f.raw("SUBS $%d, %v", count, n)
	f.raw("BLT %s", end)
	f.loop(func(top string) {
		body()
		f.raw("SUBS $%d, %v", count, n)
		f.raw("BGE %s", top)
	})
	f.mark(end)
	f.raw("ADD $%d, %v", count, n)
}

// A stream is a kernel over slices of float32 of one length. The elements left at the end go one by one through the same
// arithmetic, so that an element's result does not depend on its position.
type stream struct {
	name, doc string
	slices    []string
	in, out   []int
	extra     []param // after the length n
	by        int     // registers at a time
	array     bool    // the addresses of the slices are in an array
	prolog    func(f *function) func(f *function, x []vector) []vector
}

func (s stream) emit() {
	params := pointers(s.slices...)
	if s.array {
		params = []param{{name: "v", kind: 'v'}}
	}
	f := begin(s.name, s.doc, append(append(params, param{name: "n", kind: 'n'}), s.extra...), "")
	var p []general
	if s.array {
		v := f.load("v")
		for i := range s.slices {
			p = append(p, f.integer())
			f.raw("MOVD %d(%v), %v", 8*i, v, p[i])
		}
	} else {
		for _, name := range s.slices {
			p = append(p, f.load(name))
		}
	}
	n := f.load("n")
	body := s.prolog(f)
	for _, by := range []int{s.by, 1} {
		f.n = by
		f.rounds(n, 4*by, func() {
			var x []vector
			for _, k := range s.in {
				x = append(x, f.loadAt(p[k], 0))
			}
			for i, y := range body(f, x) {
				f.storeAt(y, p[s.out[i]], 0)
			}
			for _, g := range p {
				f.raw("ADD $%d, %v", 16*by, g)
			}
		})
		if s.by == 1 {
			break
		}
	}
	f.n = 1
	f.rounds(n, 1, func() {
		var x []vector
		for _, k := range s.in {
			v := f.fresh()
			f.memory(ldrS, v, p[k], 0, 4, false)
			x = append(x, vector{v})
		}
		for i, y := range body(f, x) {
			f.memory(strS, y[0], p[s.out[i]], 0, 4, true)
		}
		for _, g := range p {
			f.raw("ADD $4, %v", g)
		}
	})
	f.raw("RET")
}

// scalars returns parameters that are float32.
func scalars(names ...string) (p []param) {
	for _, n := range names {
		p = append(p, param{name: n, kind: 'c'})
	}
	return p
}

// element returns a stream that sets dst to a function of its inputs and of the scalars c and d, of which it uses some.
func element(name, formula string, inputs, scalarCount, by int, g func(f *function, x []vector, c, d vector) vector) stream {
	s := stream{name: name, doc: fmt.Sprintf("sets dst = %s.", formula), slices: []string{"dst", "a", "b", "c3"}[:inputs+1],
		out: []int{0}, extra: scalars("c", "d"), by: by}
	for i := range inputs {
		s.in = append(s.in, i+1)
	}
	s.prolog = func(f *function) func(f *function, x []vector) []vector {
		var c, d vec
		if scalarCount > 0 {
			c = f.scalar("c")
		}
		if scalarCount > 1 {
			d = f.scalar("d")
		}
		return func(f *function, x []vector) []vector { return []vector{g(f, x, f.same(c), f.same(d))} }
	}
	return s
}
