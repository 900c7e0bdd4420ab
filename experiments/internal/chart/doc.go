// Package chart draws diagrams of an experiment's results: curves over the epochs, points in a plane with the predicted classes
// behind them, and confusion matrices.
package chart
