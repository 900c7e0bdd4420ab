// Package callbacks provides what can act during training: early stopping, learning rate schedules, checkpoints, and reports.
//
// A callback is a struct of settings whose zero value is ready to use; "default 10" in a comment is the meaning of 0. Pass it
// to graph.FitConfig as a pointer; a callback without state can be passed as a value. A callback resets its state when a run
// begins, so it can be used again. When a run resumes from a checkpoint, the checkpoint restores the state.
//
// # Schedules
//
// A schedule changes the current learning rate, which at the start of a run is the optimizer's own.
//
// TimeDecay, StepDecay, ExponentialDecay, PiecewiseConstant with a Factor, and ReduceOnPlateau multiply the rate by a factor at
// some epochs. They can be combined with each other, and can follow a Warmup.
//
// CosineDecay, PolynomialDecay, OneCycle and Schedule compute each rate from scratch and override what other schedules have
// done, so use only one of them and no other schedule. The field PerStep changes the rate at every step instead of every epoch.
//
// # To add a callback
//
// Implement graph.Callback: one method, Handle, which switches on the event. At TrainBegin reset the state and check the
// settings; return graph.Stop to end training. If the callback keeps state from epoch to epoch, implement graph.Stateful too, so
// that a resumed run continues with it. Files do not store callbacks, so nothing is registered; monitor.go and early_stopping.go
// are an example. In this package, test the behaviour in a table over the scripted runs of script_test.go, schedules in
// TestSchedules and logs in TestLogsResumed; each invalid setting is a row of TestSettings.
package callbacks
