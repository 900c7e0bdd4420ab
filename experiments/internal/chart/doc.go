// Package chart draws what an experiment has measured: curves over the epochs, points and what a network makes of their plane,
// and tables of confusion.
package chart
