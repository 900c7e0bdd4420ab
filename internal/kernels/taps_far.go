package kernels

const (
	farLanes = 16 // the most elements of a block of farTaps
	farTable = 32 // the elements among which the indices of a tap of a block are
)

// farTaps are the taps of a piece in blocks of up to farLanes elements, for AVX-512. There are no blocks if so few elements lie within
// farTable elements of a tap that gathering them is as fast.
type farTaps[T Float] struct {
	block    []int32 // of each block, the first element in the piece and a mask of its elements
	base, at []int32 // as in nearTaps; at has farLanes elements for each tap of a block
	weight   []T
}

// farther returns the taps of a piece in blocks, for x of n elements.
func farther[T Float](p *tapPiece[T], n int) (t farTaps[T]) {
	size := p.hi - p.lo
	for from := 0; from < size; {
		count := p.within(from, farTable)
		t.block = append(t.block, int32(from), 1<<count-1)
		for k := range p.taps {
			low, _ := p.bounds(k*size+from, count)
			low = max(min(low, int32(n-farTable)), 0)
			t.base = append(t.base, low)
			for i := range farLanes {
				at, weight := int32(-1), T(0)
				if i < count {
					if at, weight = p.at[k*size+from+i], p.weight[k*size+from+i]; at >= 0 {
						at -= low
					}
				}
				t.at, t.weight = append(t.at, at), append(t.weight, weight)
			}
		}
		from += count
	}
	if len(t.block)/2 > 1+size/4 {
		return farTaps[T]{}
	}
	return t
}

// within returns how many elements, from an element on, have each of their taps within a number of elements of x: at most farLanes.
func (p *tapPiece[T]) within(from, width int) int {
	size := p.hi - p.lo
	for n := 1; n < min(farLanes, size-from); n++ {
		for k := range p.taps {
			if low, high := p.bounds(k*size+from, n+1); int(high-low) >= width {
				return n
			}
		}
	}
	return min(farLanes, size-from)
}

// bounds returns the least and the greatest of n indices, from index i on, without those that are absent; twice 0 if all are.
func (p *tapPiece[T]) bounds(i, n int) (low, high int32) {
	low = -1
	for _, at := range p.at[i:][:n] {
		if at >= 0 && (low < 0 || at < low) {
			low = at
		}
		high = max(high, at)
	}
	return max(low, 0), high
}
