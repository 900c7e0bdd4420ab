// Package ops holds the gorgonia ops that this project's graphs are made of.
//
// A Def says what an op computes: its shape rule, its derivative rule and its kernel. Graph.Apply puts it into a gorgonia
// expression graph as an Op, which keeps the Def's inputs and owns its output. Derivative rules emit nodes, so that a
// derivative can be differentiated again; Grad is the reverse pass over them. Lower copies what some outputs need into a
// fresh graph, fuses element-wise chains and product epilogues on the way, and plans the memory: that graph is what a tape
// machine runs.
package ops
