// Package program runs expression graphs. Compile lowers what some outputs need and makes a tape machine for it; a Program
// is fed, run and read. Only this package and ops know gorgonia's machine.
package program
