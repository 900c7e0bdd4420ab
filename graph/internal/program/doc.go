// Package program runs expression graphs. Compile lowers the part of a graph that some outputs need and makes a tape machine
// with one instruction for it; Program.Run feeds and runs the machine, and Program's other methods read the outputs. Only this
// package uses gorgonia's machine.
package program
