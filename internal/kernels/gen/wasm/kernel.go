package main

// The block holds the arguments of a call and its results; package kernels has it as the struct simdCall. The module gets its
// address from the global go.block.
const (
	blockPointers = 0   // of 8 bytes
	blockInts     = 104 // of 8 bytes
	blockFloats   = 200 // of 4 bytes
	blockResults  = 264
)

// block returns the address of the block.
func block() code { return code{0x23, 0} }

// kernel adds a function, and an exported one of the same name that calls it with arguments from the block. args names their
// types in order: p for pointers, n for integers and c for float32.
func (m *module) kernel(name, args string, results ...kind) *function {
	var params []kind
	var load []code
	next := map[rune]int{}
	for _, a := range args {
		i := next[a]
		next[a]++
		k, value := i32, loadInt(block(), blockPointers+8*i)
		switch a {
		case 'n':
			value = loadInt(block(), blockInts+8*i)
		case 'c':
			k, value = f32, loadFloat(block(), blockFloats+4*i)
		}
		params, load = append(params, k), append(load, value)
	}
	f := m.add("", params, results...)
	e := m.add(name, nil)
	switch call := f.call(load...); {
	case len(results) == 0:
		e.emit(call)
	case results[0] == f64:
		e.emit(storeDouble(block(), blockResults, call))
	default:
		e.emit(storeFloat(block(), blockResults, call))
	}
	return f
}

// loadPart and storePart access the first n elements of a vector, n > 0; the others are 0. n may be more than 4.
var loadPart, storePart *function

func (m *module) parts() {
	f := m.add("", []kind{i32, i32}, v128)
	p, n, v := f.param(0), f.param(1), f.local(v128)
	f.choose(atLeastInt(n.get(), number(4)), func() { f.emit(v.set(load(p.get(), 0))) }, func() {
		f.choose(equalInt(n.get(), number(1)), func() { f.emit(v.set(load32Zero(p.get(), 0))) }, func() {
			f.emit(v.set(load64Zero(p.get(), 0)))
			f.when(equalInt(n.get(), number(3)), func() { f.emit(v.set(load32Lane(p.get(), 8, v.get(), 2))) })
		})
	})
	f.emit(v.get())
	loadPart = f

	f = m.add("", []kind{i32, i32, v128})
	p, n, v = f.param(0), f.param(1), f.param(2)
	f.choose(atLeastInt(n.get(), number(4)), func() { f.emit(store(p.get(), 0, v.get())) }, func() {
		f.choose(equalInt(n.get(), number(1)), func() { f.emit(store32Lane(p.get(), 0, v.get(), 0)) }, func() {
			f.emit(store64Lane(p.get(), 0, v.get(), 0))
			f.when(equalInt(n.get(), number(3)), func() { f.emit(store32Lane(p.get(), 8, v.get(), 2)) })
		})
	})
	storePart = f
}

// firstWords returns the mask of the first n words.
func firstWords(n code) code { return lessWords(words(0, 1, 2, 3), splatInt(n)) }

// A stream is a kernel that runs over slices of float32 of one length. The elements left at the end go through the same
// arithmetic, so that an element's result does not depend on its position.
type stream struct {
	name    string
	slices  int   // number of slices
	in, out []int // slices that are read and written
	scalars int
	by      int // vectors at a time
	f       func(f *function, x, c []code) []code
}

// add writes the kernel. Its arguments are the slices, their length and the scalars.
func (s stream) add(m *module) *function {
	args := ""
	for range s.slices {
		args += "p"
	}
	args += "n"
	for range s.scalars {
		args += "c"
	}
	f := m.kernel(s.name, args)
	n := f.param(s.slices)
	var c []code
	for i := range s.scalars {
		c = append(c, f.let(v128, splat(f.param(s.slices+1+i).get())))
	}
	round := func(by int) {
		for j := range by {
			var x []code
			for _, k := range s.in {
				x = append(x, f.let(v128, load(f.param(k).get(), 16*j)))
			}
			for i, y := range s.f(f, x, c) {
				f.emit(store(f.param(s.out[i]).get(), 16*j, y))
			}
		}
	}
	for _, by := range []int{s.by, 1} {
		f.rounds(n, 4*by, func() {
			round(by)
			for i := range s.slices {
				f.emit(f.param(i).add(number(16 * by)))
			}
		})
		if s.by == 1 {
			break
		}
	}
	f.when(n.get(), func() {
		var x []code
		for _, k := range s.in {
			x = append(x, f.let(v128, loadPart.call(f.param(k).get(), n.get())))
		}
		for i, y := range s.f(f, x, c) {
			f.emit(storePart.call(f.param(s.out[i]).get(), n.get(), y))
		}
	})
	return f
}

// rounds writes a loop that runs the body once for each count in n. n is then the rest.
func (f *function) rounds(n local, count int, body func()) {
	f.when(atLeastInt(n.get(), number(count)), func() {
		f.loop(func() {
			body()
			f.emit(n.add(number(-count)))
		}, atLeastInt(n.get(), number(count)))
	})
}
