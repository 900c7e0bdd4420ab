package kernels

// depthwise3Elements is the number of products that are added up in one lane, before the lanes are added in double precision.
const depthwise3Elements = 1024

// depthwise3Weights is weightsOfPlanes where there is a depthwise3. It reports whether there is. The batch is summed in pieces, whose number
// depends only on its size, and then over the pieces in order. So a worker reads samples, not channels of all samples.
func depthwise3Weights[T Float](p *Pool, s ConvShape, dw, x []T, d outputs[T]) bool {
	if !vectorDepthwise3[T]() {
		return false
	}
	const most = 8
	pieces, batch := max(1, min(s.Batch, most)), s.Batch
	s.Batch = 1
	t := knownWeightsDepthwise3.get(s)
	if t == nil {
		return false
	}
	across := 1 // the workers divide the channels if there are too few pieces
	if pieces < p.Workers() {
		across = min(s.Groups, p.Workers())
	}
	sums := borrow[float64](pieces * len(dw))
	divide(p, pieces*across, 1, depthwise3WeightsJob[T]{outputs: d, depthwise3: t, groups: s.Groups, batch: batch, pieces: pieces, across: across, sums: sums, x: x})
	for k := range dw {
		sum := sums[k]
		for i := 1; i < pieces; i++ {
			sum += sums[i*len(dw)+k]
		}
		dw[k] = T(sum)
	}
	giveBack(sums)
	return true
}

// A depthwise3WeightsJob is depthwise3Weights of some pieces of the batch, and of some channels if across is not 1.
type depthwise3WeightsJob[T Float] struct {
	outputs[T]
	*depthwise3
	groups, batch, pieces, across int
	sums                          []float64 // of each piece: 9 for each channel
	x                             []T
}

func (j *depthwise3WeightsJob[T]) piece(lo, hi int) {
	const lanes = 9 * depthwise3Block
	p := &j.parts[0]
	store, memory, sums := borrow[T](j.framed()), borrow[T](j.to.size()), borrow[T](j.groups*lanes)
	clear(store)
	in, each := j.from.size(), max(1, depthwise3Elements/(p.rows*p.count()))
	for i := lo; i < hi; i++ {
		piece, part := i/j.across, i%j.across
		g0, g1 := j.groups*part/j.across, j.groups*(part+1)/j.across
		n1 := j.batch * (piece + 1) / j.pieces
		to := j.sums[piece*j.groups*9:][:j.groups*9]
		clear(to[g0*9 : g1*9])
		for n := j.batch * piece / j.pieces; n < n1; n += each {
			clear(sums[g0*lanes : g1*lanes])
			for k := range min(each, n1-n) {
				for g := g0; g < g1; g++ {
					at := (n+k)*j.groups + g
					vectorDepthwise3Products(p, sums[g*lanes:][:lanes], j.derivative(memory, at), betweenZeros(j.depthwise3, store, j.x[at*in:(at+1)*in]), j.from.width)
				}
			}
			for k := g0 * 9; k < g1*9; k++ {
				l := (*[depthwise3Block]T)(sums[k*depthwise3Block:])
				to[k] += quad(l[0], l[2], l[4], l[6]) + quad(l[1], l[3], l[5], l[7])
			}
		}
	}
	giveBack(sums)
	giveBack(memory)
	giveBack(store)
}
