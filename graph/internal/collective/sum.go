package collective

import (
	"context"
	"unsafe"

	"github.com/nndiy/nndiy/internal/kernels"
)

// shortVector is the number of bytes up to which a vector is exchanged whole, in half as many exchanges.
const shortVector = 16 << 10

// An Adder adds b to a.
type Adder[T kernels.Float] func(a, b []T)

// Sum makes x, which has the same length on all ranks, the sum of all of theirs. The sum is the one of a binary tree: ranks 0 and 1,
// 2 and 3 and so on are added, then the sums of these pairs, and so on. Since addition is commutative, all ranks get the same bits.
// buffer is memory for half of x, rounded up, or for a short x.
//
// Each exchange halves the piece of x that a rank adds up; then the pieces are collected (recursive halving and doubling:
// Rabenseifner 2004; Thakur, Rabenseifner & Gropp 2005, section 4.4).
func Sum[T kernels.Float](ctx context.Context, g Group, x, buffer []T, add Adder[T]) error {
	if err := Check(g); err != nil {
		return err
	}
	if len(bytesOf(x)) <= shortVector {
		return sumShort(ctx, g, x, buffer, add)
	}
	type piece struct{ lo, hi int }
	var pieces []piece // that this rank had before each exchange
	mine := piece{0, len(x)}
	for bit := 1; bit < g.Size(); bit <<= 1 {
		pieces = append(pieces, mine)
		mid := (mine.lo + mine.hi) / 2
		keep, give := piece{mine.lo, mid}, piece{mid, mine.hi}
		if g.Rank()&bit != 0 {
			keep, give = give, keep
		}
		in := buffer[:keep.hi-keep.lo]
		if err := g.Exchange(ctx, g.Rank()^bit, bytesOf(x[give.lo:give.hi]), bytesOf(in)); err != nil {
			return err
		}
		add(x[keep.lo:keep.hi], in)
		mine = keep
	}
	for bit := g.Size() / 2; bit > 0; bit >>= 1 {
		all := pieces[len(pieces)-1]
		pieces = pieces[:len(pieces)-1]
		theirs := piece{mine.hi, all.hi}
		if mine.lo > all.lo {
			theirs = piece{all.lo, mine.lo}
		}
		if err := g.Exchange(ctx, g.Rank()^bit, bytesOf(x[mine.lo:mine.hi]), bytesOf(x[theirs.lo:theirs.hi])); err != nil {
			return err
		}
		mine = all
	}
	return nil
}

// Buffer returns the number of elements of the buffer that Sum needs for a vector of n elements.
func Buffer[T kernels.Float](n int) int {
	return max((n+1)/2, min(n, shortVector/int(unsafe.Sizeof(T(0)))))
}

func sumShort[T kernels.Float](ctx context.Context, g Group, x, buffer []T, add Adder[T]) error {
	for bit := 1; bit < g.Size(); bit <<= 1 {
		if err := g.Exchange(ctx, g.Rank()^bit, bytesOf(x), bytesOf(buffer[:len(x)])); err != nil {
			return err
		}
		add(x, buffer[:len(x)])
	}
	return nil
}

// bytesOf returns the memory of x.
func bytesOf[T kernels.Float](x []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(T(0))))
}
