// Package kernels is arithmetic on slices of float32 and float64: matrix products, convolutions, pooling, element-wise
// functions, reductions, updates of optimizers, random numbers. It knows nothing of graphs and tensors.
//
// # How a kernel is built
//
// The exported functions are generic Go. Each has a portable form in plain Go, which is its definition, and most have
// AVX2 and AVX-512 forms for float32, some for float64. [Best] tells which form runs: the machine's highest, or a lower one
// that NNDIY_CPU=generic, avx2 or avx512 asks for. Kernels branch on the package variable isa at each call, so that tests
// can switch it by useISA.
//
// The assembly is written by Go programs below gen, with github.com/mmcloughlin/avo; gen is a module of its own, so that
// nobody else needs that. One generator serves both vector widths, and for products both element types. The files that
// come out, ending in _amd64.s, are not built with the tag noasm or on other machines; there, a file ending in _other.go
// takes the place of the one ending in _amd64.go, which declares the assembly functions. After a change:
//
//	go generate ./internal/kernels
//
// # The matrix product
//
// [MatMul] cuts C into blocks that it shares out to the workers of a [Pool], and a block into strips: some rows of A, which
// stay in the second-level cache, times one panel of B, as many columns as a tile has, which stays in the first-level
// cache. A micro-kernel (strip in gen/gemm) runs down a strip tile by tile: 6 × 16 sums in AVX2 and 12 × 32 in AVX-512, for
// float32, stay in registers over the whole depth of the block. Panels of B and rows of A are packed, that is copied into
// the order in which the micro-kernel reads them, if gemm_plan.go finds that worth its time; otherwise the kernel reads the
// matrix with steps. An operand that is not in memory as a matrix needs no more than a pack method (gemm_operand.go).
// Alpha, beta, bias and ReLU are done on the registers, the rest of an [Epilogue] row by row while the block is in the
// cache.
//
// # The convolution
//
// [Conv], [ConvInput] and [ConvWeights] are matrix products of which one operand, the patches of an image, is in memory
// nowhere: the micro-kernel is told where each tap's row of pixels begins (conv_columns.go). There is a product for each sample
// and group, and they are shared out to the workers if there are enough of them. The derivative by the input is a convolution,
// too: one for each remainder of the pixels' numbers by the strides. That by the weights adds up over the batch, in a number of
// pieces that depends on the shape alone.
//
// In float32, weights of 3 × 3 with stride 1 between enough channels go by tiles (conv_tiles.go) if an image has enough pixels;
// for the derivative by the weights, if the batch has. 16 multiplications take the place of 36, between transformations that
// only add. An element's rounding error is in proportion to the largest elements within one pixel of those that its weights
// meet, on the average no greater than a plain sum's; where a number is not finite, a plain sum is what counts.
//
// # Rules
//
//   - The same arguments give the same bits, whatever the number of workers and their timing: work is cut along independent
//     results only, and the order of a sum depends on the shape alone. Forms may differ from each other by rounding.
//   - A row's bits do not depend on the batch. [MatMul] with a b that is not transposed and its batched form, [Conv], [ConvInput],
//     [ConvMaxPool] and whatever goes row by row choose their path by the shape of one sample: a server gathers the requests
//     of several clients in one batch, and an answer must be what it would be alone. What sums over the batch may look at it.
//   - An element's bits do not depend on its place in a slice: ends of slices are done by masks, not by another formula.
//   - NaN and infinities come out as in IEEE arithmetic: a product with 0 is not skipped, a maximum keeps NaN.
//   - Slices that do not fit together are a mistake of the caller: the exported function panics before any assembly runs.
//   - Nothing is allocated in steady state: scratch memory comes from a shelf (gemm_scratch.go) and goes back there.
//
// # How it is checked
//
// Tests compare each form that the machine has with plain sums in float64 or package math, within a bound that follows
// from the number of roundings: on random shapes with odd sizes, gaps between rows, slices that begin anywhere, special
// values; and the results of 1, 2 and 3 workers with each other, bit by bit. Run them with -race, with -tags noasm, and on a
// machine with AVX-512 or under an emulator of one.
//
// # How it is measured
//
// Benchmarks report GFLOP/s or GB/s. Beside them, BenchmarkPeak reports what the machine's multipliers do at most
// ([PeakFMA]) and how fast memory is copied, for the sizes that the others have; a product reports its share of the peak,
// too.
//
//	go test ./internal/kernels -run - -bench 'Peak|MatMul/512x'
//
// Other programs disturb a measurement, most of all one on two cores: repeat it, and compare medians of alternating runs. A
// virtual machine may share its cores with others that it does not see. The peak hides that, for a loop of multiply-adds
// alone leaves room beside them: what tells is a loop with as many other instructions as the kernel has. Each of two threads
// on a core of Zen 3 has some 3 instructions a cycle and half of the caches, so a micro-kernel that takes few instructions
// for a multiply-add and blocks that fill less than a cache are worth more than a benchmark on an idle machine shows.
//
// # To add a kernel
//
// Write the portable form and its test first; the test should iterate over [ISAs]. Then a function in a generator that
// takes its width from the form, the declaration and the branch on isa in a file ending in _amd64.go, and the portable one
// in a file ending in _other.go. Keep the assembly if a benchmark shows that it pays.
package kernels
