// Package kernels does arithmetic on slices of float32 and float64: matrix products, convolutions, pooling, element-wise
// functions, reductions, optimizer updates and random numbers. It knows nothing of graphs or tensors.
//
// # Forms
//
// The exported functions are generic. Each has a portable form in plain Go, which defines its result. Most also have AVX2 and
// AVX-512 forms in assembly for float32, and some for float64. For float32, arm64 has NEON forms and WebAssembly those of SIMD128.
// [Best] returns the form in use: the highest that the machine supports, unless the environment variable NNDIY_CPU (generic, avx2,
// avx512, simd128 or neon) asks for a lower one. Kernels read the package variable isa at each call, so that tests can switch the
// form with useISA.
//
// The programs below gen write the assembly, with github.com/mmcloughlin/avo. gen is a separate module, so that users of this
// one do not depend on avo. One generator serves both vector widths and, for products, both element types. Package gen/formulas
// describes the mathematical functions and the steps of recurrent networks once for amd64, arm64 and WebAssembly, and says why the
// kernels around them are described for each. The generated files
// end in _amd64.s and are left out on other machines and with the build tag noasm. A file ending in _amd64.go declares the
// assembly functions; a file ending in _other.go replaces it in builds without assembly. After changing a generator, run
//
//	go generate ./internal/kernels
//
// # Portable Go
//
// The inner loop of the product is generated as well (gen/portable), since it has to be unrolled. It is bounded by the number of
// instructions that the processor starts in a cycle, about 13.5 GFLOP/s at six of them and 3.7 GHz. The functions of float32 are
// polynomials, whose coefficients are in package coefficients, which the generators share. Package math is left aside for them: its
// exponential and logarithm are assembly on some machines. Only arguments that a formula does not serve go to it, one by one: the
// sine of a large number, powers of denormal numbers. So portable Go gives the same bits wherever the compiler does not fuse products
// and sums, as on amd64 and wasm; on arm64 it does.
//
// # WebAssembly
//
// Go's assembler has no vector instructions for wasm. In js/wasm the package embeds a module written by gen/wasm, which imports the
// memory of the Go program and works on its slices in place (simd_load_js.go). A call goes through JavaScript and takes some 300 ns.
// So a kernel does as much as possible in one call, and slices of few elements are left to portable Go. The arguments are in a
// block of memory at a fixed address. In a browser, a Content-Security-Policy must allow 'wasm-unsafe-eval' in script-src, which Go's own
// module needs as well. Every kernel takes the steps of the portable form in the same order, with the same bits;
// layers.TestPortableBits holds whole trainings to that. Where the module cannot be loaded, the portable forms run. They also serve
// float64, maps along an axis and the copies of rows with a border.
//
// # NEON
//
// gen/neon writes neon_arm64.s and the declarations of its functions; it does not need avo. Go's assembler knows few vector
// instructions of arm64, so they are encoded words, which a test of the generator compares with a disassembler. The portable
// forms are compiled with fused multiply-adds on arm64; the NEON forms fuse the same products and sum in the same order, and so
// have the same bits (portable_bits_test.go); only convolutions by tiles sum in another order, since portable Go does without tiles.
// Without the hardware, run the tests with
//
//	GOARCH=arm64 CGO_ENABLED=0 go test -short -exec 'qemu-aarch64 -cpu cortex-a72' ./internal/kernels
//
// and let llvm-mca estimate the cycles of the inner loops:
//
//	go test -C internal/kernels/gen ./neon -run Speed -mca -v
//
// The models of LLVM 14 give, for the inner loop of the product, the cycles that the pipes need for its multiply-adds as a fraction of
// all; and for three functions the cycles of an element. The last two lines are the AVX2 forms. These are estimates: nobody has measured
// them on the hardware yet. In this version of LLVM the cortex-a72 and the neoverse-n1 have the same model, and that of the cortex-a53
// does not overlap loads and multiply-adds.
//
//	processor     product   exp  tanh  sigmoid
//	cortex-a53       0.63  14.4  25.8  19.9
//	cortex-a72       1.00   5.0  15.3  10.9
//	neoverse-n1      1.00   5.0  15.3  10.9
//	apple-m1         0.99   2.5   4.0   3.0
//	skylake, AVX2           1.4   2.4   2.0
//	znver2, AVX2            1.5   3.5   2.6
//
// # Matrix products
//
// [MatMul] cuts C into blocks, which the workers of a [Pool] divide among them. A block is computed strip by strip: a strip is
// some rows of A, which stay in the second-level cache, times one panel of B, which is as many columns as a tile is wide and
// stays in the first-level cache. A micro-kernel (strip in gen/gemm) runs down the strip tile by tile. The sums of a tile,
// for float32 6 × 16 in AVX2, 12 × 32 in AVX-512 and 8 × 12 in NEON, stay in registers over the whole depth of the block.
//
// Packing copies panels of B and rows of A into the order in which the micro-kernel reads them. gemm_plan.go decides whether
// that pays; if not, the kernel reads the matrix in place, with its strides. A deep product with a small result adds to the
// result in several passes, so that it packs each matrix only once. An operand that is not stored as a matrix only needs a pack
// method (gemm_operand.go). Alpha, beta, bias and ReLU are applied in registers, the rest of an [Epilogue] row by row while the
// block is in the cache.
//
// # Attention
//
// [Attention] computes scores in blocks of queries and keys, which the micro-kernel of matrix products multiplies, and never
// holds all of them. The keys and values of a head are packed once for all of its queries. Blocks that a causal mask hides are
// left out, and so are keys at the end that the mask hides: a sequence that is padded gets the bits that it gets alone.
//
// # Convolutions
//
// [Conv], [ConvInput] and [ConvWeights] are matrix products. One operand, the patches of an image, is never stored: the
// micro-kernel gets the address at which each tap's row of pixels begins (conv_columns.go). There is one product for each
// sample and group. If there are enough of them, the workers divide them; otherwise they divide each image by its rows or, if it
// has fewer pixels than weights, by the outputs. The derivative with respect to the input is also a convolution, one for each remainder of the pixels' indices modulo the strides. The
// derivative with respect to the weights is summed over pieces of the batch, whose number depends only on the shape.
//
// In float32, kernels of 3 × 3 elements with stride 1 and enough channels use Winograd's minimal filtering (conv_tiles.go), if
// an image has enough pixels or, for the derivative with respect to the weights, the batch has. Tiles of 2 × 2 pixels need 16
// multiplications in place of 36, those of 4 × 4 pixels 36 in place of 144; the larger are used where they have fewer elements.
// The rounding error of an element is proportional to the largest inputs of its tile. On average, it is that of a plain sum for
// small tiles, and at most 2.5 times as large for large ones; no element of a normally distributed image or of its derivatives is
// farther off than 24·2⁻²⁴ times the sum of its terms' magnitudes (TestTileErrors). If a result is not finite, it is computed again
// as a plain sum. Portable Go and SIMD128 always use plain sums.
//
// In AVX2 and AVX-512, float32 kernels of 3 × 3 elements with stride 2 and enough channels take images with their channels innermost,
// too (conv_strided.go): then the pixels of a result meet a row of the kernel at equal distances, and are an operand as they are.
//
// Kernels of one element, with many channels and few pixels, swap the roles of pixels and channels (conv_points.go): 7 × 7 pixels fill
// the vectors of a product's columns badly, 64 channels fill them all. A program that does not change its weights keeps them packed
// for this ([PackedConv]).
//
// A convolution of each channel by itself does not need a product. The general way (conv_depthwise.go) copies each channel to a frame
// with zeros around it, where every tap is at a fixed distance. Kernels of 3 × 3 elements stay in registers while lines of a channel
// are read once for all their taps, in AVX2 also for the derivatives (conv_depthwise3.go). AVX-512 reads channels in place, for 3 × 3
// and 5 × 5 elements, with masks at the ends of lines (conv_depthwise_lines.go).
//
// # Maps along an axis
//
// Resizes and borders are [TapRule] maps: each element of the result is a weighted sum of a few elements along one axis.
// [Taps] stores the elements and their weights; its transposed map is the derivative. If other axes come after the axis,
// whole rows are added, all of a plane in one call. Along the last axis, eight elements are computed at once: each of their taps
// is a permutation of one or two registers, or a gather where the elements are farther apart; in AVX-512 up to sixteen elements
// are permuted from two registers. [CopyFramed] puts zeros around several axes in one pass.
// [Transpose] cuts a matrix into blocks of eight by eight elements.
//
// # Several cores
//
// Cores have caches of their own. On a virtual machine with two cores of a server (Zen 5), to write to a line of 64 bytes takes 0.8 ns
// if this core has it, 2.2 ns if the other core has written to it, and 9 to 12 ns if the other core has read it since: both have it
// then, and they drop such lines one by one. So loops over the samples of a batch are divided at the same samples, and a worker
// waits for a moment before it takes over another's part (pool_team.go). Sums over the samples are sums of pieces, so that no worker
// reads what another has computed (halves.go, norm_batch.go, [ConvWeights]). Products prefetch their results for writing.
//
// # Rules
//
//   - The same arguments give the same bits, whatever the number of workers and their timing: work is divided only between
//     independent results, and the order of a sum depends only on the shape. Forms may differ from each other by rounding.
//   - A row's bits do not depend on the batch. [MatMul] with a b that is not transposed and [MatMulBatch], [Conv],
//     [ConvInput], [ConvMaxPool] and all functions that work row by row choose their method by the shape of one sample: a
//     server batches the requests of several clients, and must give each the answer that it would get alone. Functions that
//     sum over the batch may look at its size.
//   - An element's bits do not depend on its position in a slice: the end of a slice is handled with masks, not with another
//     formula.
//   - NaN and infinities give what IEEE arithmetic gives: a product with 0 is not skipped, and a maximum keeps NaN.
//   - Slices of the wrong length are a bug in the caller: the exported function panics before any assembly runs.
//   - Nothing is allocated in steady state: scratch memory is reused (gemm_scratch.go).
//
// # Tests
//
// The tests compare each form that the machine supports with plain sums in float64 or with package math, within a bound that
// follows from the number of roundings. The inputs are random shapes with odd sizes, gaps between rows, slices at any
// alignment, and special values. Results with 1, 2 and 3 workers must have the same bits. Run the tests with -race, with
// -tags noasm, and on a machine with AVX-512 or an emulator of one.
//
// # Benchmarks
//
// Benchmarks report GFLOP/s or GB/s. BenchmarkPeak measures the bounds: the multiply-adds of one core ([PeakFMA]) and the
// speed of copying memory, for the sizes that the other benchmarks use. A product also reports its fraction of the peak.
//
//	go test ./internal/kernels -run - -bench 'Peak|MatMul/512x'
//
// Other programs disturb a measurement, most of all on a machine with two cores: repeat it, and compare medians of alternating
// runs. A virtual machine may share its cores with others that it cannot see. The peak does not show this, since a loop of only
// multiply-adds leaves room for another thread; a loop with as many other instructions as the kernel does. On Zen 3, each of
// two threads on a core has about 3 instructions a cycle and half of the caches. So few instructions for each multiply-add, and
// blocks smaller than a cache, gain more than a benchmark on an idle machine shows.
//
// # Adding a kernel
//
// Write the portable form and its test first; the test should run over [ISAs]. Then add a function to a generator that takes
// its width from the form, the declaration and the branch on isa to a file ending in _amd64.go, and the portable counterpart to
// a file ending in _other.go. Keep the assembly only if a benchmark shows a gain.
package kernels
