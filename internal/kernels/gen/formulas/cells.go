package formulas

// A Cell is a function of one element with several results, such as a step of a recurrent network. It goes from In inputs to Out results, whose formulas are those of package
// kernels' function of the name.
type Cell[V, M any] struct {
	Name    string
	Doc     string
	In, Out int
	F       func(m Machine[V, M], x []V) []V
}

// TanhGrad returns g·(1-y²), and SigmoidGrad g·y(1-y).
func TanhGrad[V, M any](m Machine[V, M], g, y V) V { return m.Mul(g, m.Sub(m.K(1), m.Mul(y, y))) }

func SigmoidGrad[V, M any](m Machine[V, M], g, y V) V {
	return m.Mul(g, m.Mul(y, m.Sub(m.K(1), y)))
}

// Cells returns the steps and their derivatives. They consist of the functions that the portable form calls, without fused products.
func Cells[V, M any]() []Cell[V, M] {
	return []Cell[V, M]{
		{"lstmCell", "computes one row of LSTMCell.", 5, 7, func(m Machine[V, M], x []V) []V {
			i, f := Sigmoid(m, x[0]), Sigmoid(m, x[1])
			g, o := Tanh(m, x[2]), Sigmoid(m, x[3])
			c := m.Add(m.Mul(f, x[4]), m.Mul(i, g))
			t := Tanh(m, c)
			return []V{i, f, g, o, c, t, m.Mul(o, t)}
		}},
		{"lstmCellGrad", "computes one row of LSTMCellGrad.", 8, 5, func(m Machine[V, M], x []V) []V { return lstmCellGrad(m, x, x[6]) }},
		{"lstmCellTanhGrad", "computes one row of LSTMCellTanhGrad.", 8, 5, func(m Machine[V, M], x []V) []V { return lstmCellGrad(m, x, Tanh(m, x[6])) }},
		{"gruCell", "computes one row of GRUCell.", 7, 4, func(m Machine[V, M], x []V) []V {
			r, z := Sigmoid(m, m.Add(x[0], x[3])), Sigmoid(m, m.Add(x[1], x[4]))
			n := Tanh(m, m.Add(x[2], m.Mul(r, x[5])))
			return []V{r, z, n, m.Add(n, m.Mul(z, m.Sub(x[6], n)))}
		}},
		{"gruCellGrad", "computes one row of GRUCellGrad.", 6, 5, func(m Machine[V, M], x []V) []V {
			dh, r, z, n, b, h := x[0], x[1], x[2], x[3], x[4], x[5]
			keep := m.Mul(dh, z)
			dn := TanhGrad(m, m.Add(dh, m.Neg(keep)), n)
			return []V{
				SigmoidGrad(m, m.Mul(dn, b), r), SigmoidGrad(m, m.Mul(dh, m.Sub(h, n)), z), dn, m.Mul(dn, r), keep,
			}
		}},
		{"geluWithSlope", "sets v[1] = GELU(v[0]) and v[2] to its derivative.", 1, 2, func(m Machine[V, M], x []V) []V {
			y, slope := GELUWithSlope(m, x[0])
			return []V{y, slope}
		}},
	}
}

// lstmCellGrad returns the results of LSTMCellGrad; t is the tanh of the new cell.
func lstmCellGrad[V, M any](m Machine[V, M], x []V, t V) []V {
	dh, dc, i, f, g, o, c := x[0], x[1], x[2], x[3], x[4], x[5], x[7]
	do := SigmoidGrad(m, m.Mul(dh, t), o)
	dc = m.Add(dc, TanhGrad(m, m.Mul(dh, o), t))
	return []V{
		SigmoidGrad(m, m.Mul(dc, g), i), SigmoidGrad(m, m.Mul(dc, c), f), TanhGrad(m, m.Mul(dc, i), g), do, m.Mul(dc, f),
	}
}
