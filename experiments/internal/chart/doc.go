// Package chart draws diagrams of an experiment's results: curves over the epochs, the loss over the learning rate, points in a plane
// with the predicted classes behind them, confusion matrices and other matrices.
package chart
