package main

import "github.com/nndiy/nndiy/internal/kernels/gen/formulas"

// cells writes the steps of recurrent networks, whose inputs and results are in an array, in this order.
func cells() {
	by := map[string]int{"lstmCellGrad": 2, "gruCell": 2, "gruCellGrad": 2} // the others need too many registers
	for _, c := range formulas.Cells[vector, vector]() {
		s := stream{name: c.Name, doc: c.Doc, slices: make([]string, c.In+c.Out), by: max(1, by[c.Name]), array: true,
			prolog: func(*function) func(f *function, x []vector) []vector {
				return func(f *function, x []vector) []vector { return c.F(machine{f}, x) }
			}}
		for i := range c.In {
			s.in = append(s.in, i)
		}
		for i := range c.Out {
			s.out = append(s.out, c.In+i)
		}
		s.emit()
	}
}
