package program

import (
	"cmp"
	"runtime"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A Cache keeps the programs that were used last, and the memory that they run in. A program is taken out while it runs, with
// memory that no other program runs in meanwhile; afterwards, another may use that. So many programs take little more memory
// than the largest, times the number that run at once.
type Cache[K comparable] struct {
	Limit int // of bytes for all programs, apart from the memory that they run in

	programs map[K][]*Program
	last     *Program // the last that was put back, which is not in programs: most often it is the next one, too
	lastKey  K
	bytes    int
	now      int64
	free     []*memory
}

// memory is what programs run in, one at a time.
type memory struct {
	words ops.Memory
	users map[*Program]bool // whose memory it is
}

// Take removes and returns a program for the key, nil if there is none.
func (c *Cache[K]) Take(key K) *Program {
	p := c.last
	if p != nil && c.lastKey == key {
		c.last = nil
	} else {
		list := c.programs[key]
		if len(list) == 0 {
			return nil
		}
		p = list[len(list)-1]
		c.programs[key] = list[:len(list)-1]
	}
	c.bytes -= p.bytes
	c.Lend(p)
	return p
}

// Lend gives a new program memory to run in.
func (c *Cache[K]) Lend(p *Program) {
	n := p.words()
	best := -1
	for i, m := range c.free {
		switch {
		case m == p.memory && len(m.words) >= n:
			best = i
		case len(m.words) < n || best >= 0 && c.free[best] == p.memory:
		case best < 0 || len(m.words) < len(c.free[best].words):
			best = i
		}
	}
	if best >= 0 {
		m := c.free[best]
		c.free = slices.Delete(c.free, best, best+1)
		p.attach(m)
		return
	}
	size := n
	if len(c.free) > 0 { // the largest is too small
		c.drop()
		size += n / 2 // so that larger and larger programs replace it a few times
	}
	p.attach(&memory{words: ops.NewMemory(size), users: map[*Program]bool{}})
}

// drop forgets the largest free memory.
func (c *Cache[K]) drop() {
	largest := slices.MaxFunc(c.free, func(a, b *memory) int { return cmp.Compare(len(a.words), len(b.words)) })
	c.free = slices.DeleteFunc(c.free, func(m *memory) bool { return m == largest })
	for p := range largest.users {
		if p.memory == largest {
			p.detach()
		}
	}
}

// Put gives a program and its memory back. If the programs are too many, it drops those that were not used for the longest
// time.
func (c *Cache[K]) Put(key K, p *Program) {
	c.free = append(c.free, p.memory)
	if len(c.free) > 2*runtime.GOMAXPROCS(0) {
		c.drop()
	}
	if c.programs == nil {
		c.programs = map[K][]*Program{}
	}
	c.now++
	p.used = c.now
	if c.last != nil {
		c.last.rest()
		c.programs[c.lastKey] = append(c.programs[c.lastKey], c.last)
	}
	c.last, c.lastKey = p, key
	for c.bytes += p.bytes; c.bytes > c.Limit && c.bytes > p.bytes; {
		c.forget()
	}
}

// forget drops the program that was not used for the longest time; the last one stays.
func (c *Cache[K]) forget() {
	var oldest *Program
	var of K
	for key, list := range c.programs {
		for _, p := range list {
			if oldest == nil || p.used < oldest.used {
				oldest, of = p, key
			}
		}
	}
	c.bytes -= oldest.bytes
	c.programs[of] = slices.DeleteFunc(c.programs[of], func(p *Program) bool { return p == oldest })
	if len(c.programs[of]) == 0 {
		delete(c.programs, of)
	}
	if m := oldest.memory; m != nil {
		delete(m.users, oldest)
	}
}
