package kernels

// A stridedSumJob computes the derivative of a strided convolution by its weights: a sum, in panels, for each piece of the batch.
type stridedSumJob[T Float] struct {
	strided
	x []T
	outputs[T]
	parts       []T
	count, each int
}

// stridedSum is convWeights. It returns false if a number is not finite: the pixels between lines meet zeros.
func stridedSum[T Float](p *Pool, j stridedSumJob[T], pieces int, dw []T) bool {
	j.count, j.each = pieces, len(dw)
	j.parts = borrow[T](pieces * len(dw))
	defer giveBack(j.parts)
	divide(p, pieces, 1, j)
	divide(p, len(dw), 1<<12, partsJob[T]{j.parts, pieces, len(dw)})
	panel := tilePanel[T]()
	divide(p, (j.Out+panel-1)/panel, 1, stridedWeights[T]{j.strided, j.parts, dw, false, true})
	return !HasNonFinite(dw)
}

func (j *stridedSumJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i++ {
		j.sum(j.parts[i*j.each:][:j.each], j.Batch*i/j.count, j.Batch*(i+1)/j.count)
	}
}

// sum sets sum to the sum of the products over the samples [n0, n1).
func (j *stridedSumJob[T]) sum(sum []T, n0, n1 int) {
	size, panel, image, plane := sizeof[T](), tilePanel[T](), j.In*j.Y.In*j.X.In, j.rows*j.cols
	length := j.lines(j.band) * 2 * j.wide * j.In
	memory, kept := borrow[T](length+j.band*j.wide*panel), borrow[T](j.Out*plane)
	defer giveBack(memory)
	defer giveBack(kept)
	in, dys := memory[:length], memory[length:]
	s := strip[T]{aRow: size, aCol: 2 * j.In * size, rows: 3 * j.In, b: dys, alpha: 1, beta: 1}
	for n := n0; n < n1; n++ {
		dy := j.derivative(kept, n)
		for y := 0; y < j.rows; y += j.band {
			y1 := min(y+j.band, j.rows)
			layStrided(&j.strided, in, j.x[n*image:][:image], y, y1)
			s.depth = (y1-y-1)*j.wide + j.cols
			for o := 0; o < j.Out; o += panel {
				width := min(panel, j.Out-o)
				tileRows, _ := tileSize[T](isa)
				s.aPanel, s.bRow, s.cRow, s.cols = tileRows*size, width*size, width*size, width
				layOut(dys, dy[o*plane:], width, j.rows, j.cols, y, 1, 0, y1-y, j.wide)
				for k := range 3 {
					s.a, s.c = in[j.row(k, y1-y):], sum[(9*o+3*k*width)*j.In:]
					runStrip(isa, &s)
				}
			}
			s.flags = addBeta
		}
	}
}
