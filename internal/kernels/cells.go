package kernels

import "fmt"

// The steps of recurrent networks, for one row: each function reads the first slices of v and writes the others, which must not
// overlap with those. They have the bits of the functions that they consist of.

// LSTMCell computes a step of an LSTM. It reads the sums i, f, g, o of the gates and the cell c, and writes σ(i), σ(f),
// tanh(g), σ(o), the new cell σ(f)·c + σ(i)·tanh(g), its tanh, and the new state, σ(o) times that.
func LSTMCell[T Float](v [][]T) {
	if !fastCell(lstmCell, v, 12) {
		lstmCellPlain(v)
	}
}

func lstmCellPlain[T Float](v [][]T) {
	c, i, f, g, o, next, t, h := v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11]
	Sigmoid(i, v[0])
	Sigmoid(f, v[1])
	Tanh(g, v[2])
	Sigmoid(o, v[3])
	Mul(next, f, c)
	Mul(t, i, g)
	Add(next, next, t)
	Tanh(t, next)
	Mul(h, o, t)
}

// LSTMCellGrad computes the derivatives of LSTMCell. It reads those of the new state and the new cell, σ(i), σ(f), tanh(g),
// σ(o), the tanh of the new cell, and the old cell. It writes the derivatives of the sums i, f, g, o and of the old cell.
func LSTMCellGrad[T Float](v [][]T) {
	if !fastCell(lstmCellGrad, v, 13) {
		lstmCellGradPlain(v)
	}
}

func lstmCellGradPlain[T Float](v [][]T) {
	dh, i, f, g, o, t, c := v[0], v[2], v[3], v[4], v[5], v[6], v[7]
	di, df, dg, do, dc := v[8], v[9], v[10], v[11], v[12]
	Mul(do, dh, t)
	SigmoidGrad(do, do, o)
	Mul(dc, dh, o)
	TanhGrad(dc, dc, t)
	Add(dc, v[1], dc)
	Mul(di, dc, g)
	SigmoidGrad(di, di, i)
	Mul(df, dc, c)
	SigmoidGrad(df, df, f)
	Mul(dg, dc, i)
	TanhGrad(dg, dg, g)
	Mul(dc, dc, f)
}

// LSTMCellTanhGrad is LSTMCellGrad, except that it reads the new cell in place of its tanh.
func LSTMCellTanhGrad[T Float](v [][]T) {
	if !fastCell(lstmCellTanhGrad, v, 13) {
		lstmCellTanhGradPlain(v)
	}
}

func lstmCellTanhGradPlain[T Float](v [][]T) {
	t := v[9] // nothing else is there before t is read
	Tanh(t, v[6])
	var w [13][]T
	copy(w[:], v)
	w[6] = t
	lstmCellGradPlain(w[:])
}

// GRUCell computes a step of a GRU. It reads the parts of the sums that x gives to the gates r, z, n, the parts that h gives to
// them, and h. It writes r and z, which are sigmoids, n = tanh(x's part + r·h's part), and the new state n + z·(h - n).
func GRUCell[T Float](v [][]T) {
	if !fastCell(gruCell, v, 11) {
		gruCellPlain(v)
	}
}

func gruCellPlain[T Float](v [][]T) {
	r, z, n, next := v[7], v[8], v[9], v[10]
	Add(r, v[0], v[3])
	Sigmoid(r, r)
	Add(z, v[1], v[4])
	Sigmoid(z, z)
	Mul(n, r, v[5])
	Add(n, v[2], n)
	Tanh(n, n)
	Sub(next, v[6], n)
	Mul(next, z, next)
	Add(next, n, next)
}

// GRUCellGrad computes the derivatives of GRUCell. It reads that of the new state, dh, r, z, n, the part of n's sum that h gives,
// and h. It writes the derivatives of the sums r, z and n, that of h's part of n, and dh·z, which is a part of that of h.
func GRUCellGrad[T Float](v [][]T) {
	if !fastCell(gruCellGrad, v, 11) {
		gruCellGradPlain(v)
	}
}

func gruCellGradPlain[T Float](v [][]T) {
	dh, r, z, n, b, h := v[0], v[1], v[2], v[3], v[4], v[5]
	dr, dz, dn, db, keep := v[6], v[7], v[8], v[9], v[10]
	Sub(dz, h, n)
	Mul(dz, dh, dz)
	SigmoidGrad(dz, dz, z)
	Mul(keep, dh, z)
	Neg(dn, keep)
	Add(dn, dh, dn)
	TanhGrad(dn, dn, n)
	Mul(dr, dn, b)
	SigmoidGrad(dr, dr, r)
	Mul(db, dn, r)
}

// A cellOp names a function of this file.
type cellOp int

const (
	lstmCell cellOp = iota
	lstmCellGrad
	lstmCellTanhGrad
	gruCell
	gruCellGrad
	geluWithSlope
)

var cellNames = [...]string{
	lstmCell: "LSTMCell", lstmCellGrad: "LSTMCellGrad", lstmCellTanhGrad: "LSTMCellTanhGrad",
	gruCell: "GRUCell", gruCellGrad: "GRUCellGrad", geluWithSlope: "GELUWithSlope",
}

// fastCell runs the vector form of op on count slices if this machine has one for the element type, and reports whether it did.
func fastCell[T Float](op cellOp, v [][]T, count int) bool {
	var p [13]*float32
	if len(v) != count {
		panic(fmt.Sprintf("kernels: %s: got %d slices, want %d", cellNames[op], len(v), count))
	}
	for i, x := range v {
		if len(x) != len(v[0]) {
			sameLength(cellNames[op], len(x), len(v[0]))
		}
		if i < len(p) {
			p[i] = pointer(x)
		}
	}
	if !vectorCells[T](len(v[0])) {
		return false
	}
	vectorCell(op, &p[0], len(v[0]))
	return true
}
