package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// normalRuns is a kernel that computes a function of the elements of slices for many runs of them, each with scalars of its own. The
// first slice is written, the others are read. Meanwhile it prefetches the elements that are ahead bytes further on.
type normalRuns struct {
	name, doc string
	slices    []string
	scalars   []string
	f         func(l lanes, x, c []vec) []vec
}

// cacheLine is the size of a line of the cache in bytes.
const cacheLine = 64

func (r normalRuns) emit() {
	for _, l := range both {
		begin(r.name+l.suffix(), r.doc, fmt.Sprintf("func(%s, %s *float32, runs, run, ahead int)", strings.Join(r.slices, ", "), strings.Join(r.scalars, ", ")))
		r.emitFor(l)
		VZEROUPPER()
		RET()
	}
}

func (r normalRuns) emitFor(l lanes) {
	ptr, scalars := pointers(r.slices), pointers(r.scalars)
	runs, run, ahead := Load(Param("runs"), GP64()), Load(Param("run"), GP64()), Load(Param("ahead"), GP64())
	i, n := GP64(), GP64()
	MOVQ(run, n)
	ANDQ(Imm(uint64(l.count()-1)), n)
	part := l.tail(n)
	top := label("runs")
	Label(top)
	XORQ(i, i)
	MOVQ(run, n)
	c := make([]reg.VecVirtual, len(scalars))
	for k, p := range scalars {
		c[k] = l.single()
		VBROADCASTSS(Mem{Base: p}, c[k])
		ADDQ(Imm(4), p)
	}
	at := func(k int) Mem { return Mem{Base: ptr[k], Index: i, Scale: 4} }
	elements := func(l lanes, load func(m []Mem) vec, store func(v vec, m []Mem)) {
		var x, same []vec
		for k := 1; k < len(ptr); k++ {
			x = append(x, load(l.at(at(k))))
		}
		for _, c := range c {
			same = append(same, l.same(c))
		}
		store(r.f(l, x, same)[0], l.at(at(0)))
	}
	next := make([]reg.Register, len(ptr))
	for k := 1; k < len(ptr); k++ {
		next[k] = GP64()
		LEAQ(Mem{Base: ptr[k], Index: ahead, Scale: 1}, next[k])
	}
	for _, l := range []lanes{l.by(2 * cacheLine / l.bytes()), l} {
		step := uint64(l.n * l.count())
		loop, done := label("loop"), label("done")
		SUBQ(Imm(step), n)
		JLT(LabelRef(done))
		Label(loop)
		if l.n > 1 {
			for k := 1; k < len(ptr); k++ {
				for line := 0; line < l.n*l.bytes(); line += cacheLine {
					PREFETCHT1(Mem{Base: next[k], Index: i, Scale: 4, Disp: line})
				}
			}
		}
		elements(l, func(m []Mem) vec { return l.load(m) }, l.store)
		ADDQ(Imm(step), i)
		SUBQ(Imm(step), n)
		JGE(LabelRef(loop))
		Label(done)
		ADDQ(Imm(step), n)
	}
	end := label("end")
	JE(LabelRef(end))
	elements(l, func(m []Mem) vec { return l.loadPart(part, m) }, func(v vec, m []Mem) { l.storePart(part, v, m) })
	Label(end)
	for _, p := range ptr {
		LEAQ(Mem{Base: p, Index: run, Scale: 4}, p)
	}
	DECQ(runs)
	JNE(LabelRef(top))
}

// emitNormalRuns writes the kernels of normalizations of channels.
func emitNormalRuns() {
	for _, r := range []normalRuns{
		{"normalizeRuns", "is normalize for each of runs > 0. It prefetches the elements that are ahead bytes further on.", []string{"dst", "x"}, []string{"mean", "scale", "bias"}, normalized},
		{"normalGradRuns", "is normalGrad for each of runs > 0. It prefetches as normalizeRuns.", []string{"dst", "d", "x"}, []string{"scale", "mean", "slope", "shift"}, normalGradient},
	} {
		r.emit()
	}
}
