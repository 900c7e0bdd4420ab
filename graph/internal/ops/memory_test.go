package ops

import (
	"testing"
	"unsafe"
)

// TestMemory: memory of any size has its words, all zero and from a cache line on.
func TestMemory(t *testing.T) {
	for _, words := range []int{0, 1, 1000, 1 << 17, 1<<18 + 3, 5 << 18} {
		m := NewMemory(words)
		if len(m) != words || cap(m) != words {
			t.Fatalf("%d words: got %d of %d, want all", words, len(m), cap(m))
		}
		if words > 0 && uintptr(unsafe.Pointer(&m[0]))%(8*line) != 0 {
			t.Fatalf("%d words: got address %p, want the beginning of a cache line", words, &m[0])
		}
		for i, v := range m {
			if v != 0 {
				t.Fatalf("%d words: word %d: got %v, want 0", words, i, v)
			}
			m[i] = 1
		}
	}
}

// TestPacksMemory: packed forms get memory of their own, whatever their number and size.
func TestPacksMemory(t *testing.T) {
	var s Packs
	var all [][]float32
	for i := range 40 {
		n := 1 + i*37%11*50_000
		x := memory[float32](&s, n)
		if len(x) != n {
			t.Fatalf("form %d: got %d elements, want %d", i, len(x), n)
		}
		for k := range x {
			if x[k] != 0 {
				t.Fatalf("form %d: element %d: got %v, want 0", i, k, x[k])
			}
			x[k] = float32(i + 1)
		}
		all = append(all, x)
	}
	for i, x := range all {
		for k, v := range x {
			if v != float32(i+1) {
				t.Fatalf("form %d: element %d: got %v, want %d: another form has written there", i, k, v, i+1)
			}
		}
	}
	if s.words <= packsApart+packsAtOnce {
		t.Fatalf("got %d words in all, want more, so that forms share memory", s.words)
	}
}
