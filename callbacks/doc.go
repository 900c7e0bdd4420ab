// Package callbacks has what may act in the course of training: early stopping, learning rate schedules, checkpoints, and
// reports.
//
// A callback is a struct of settings whose zero value is ready for use, given to graph.FitConfig as a pointer; those that keep
// no state may be given as a value. One that keeps state forgets it when training begins, so it may serve again; a training
// that goes on from a checkpoint gives it back.
//
// # Schedules
//
// A schedule changes the rate that is in force, which is the optimizer's own as training begins.
//
// TimeDecay, StepDecay, ExponentialDecay, PiecewiseConstant with a Factor, and ReduceOnPlateau multiply the rate by a factor
// now and then. They go together, with each other and after a Warmup.
//
// CosineDecay, PolynomialDecay, OneCycle and Schedule compute each rate from scratch, so that a second schedule beside them
// has no effect, or takes theirs. Where they have a field PerStep, it makes the rate change at every step, not every epoch.
package callbacks
