// Package callbacks provides callbacks for training: early stopping, learning rate schedules, checkpoints, logs, and a live view.
//
// A callback is a struct of settings; a setting of 0 means the default that its comment names. Pass a pointer to it in
// graph.FitConfig.Callbacks; a callback without state can also be passed as a value. A callback resets its state when a run
// begins, so it can be used again. When a run resumes from a checkpoint, the callback gets its state back.
//
// A callback may add values to graph.Run.Logs at the end of an epoch, in any epochs. Put it before those that read them: a line
// of Progress or JSONL, the values of TensorBoard, and a Monitor do not see what later callbacks add.
//
// # To look at a run
//
// Progress prints it, CSVLog and JSONL write its logs to a file, TensorBoard writes event files for that program, and Live shows it on a
// page in a browser, which also opens files of JSONL.
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
// that a resumed run continues with it. Files do not store callbacks, so nothing is registered. A callback of your own needs no
// more; early_stopping.go is an example. For a callback of this package, add a table of scripted runs (script_test.go), or rows
// of TestSchedules if it is a schedule. Add its invalid settings to TestSettings, its defaults to TestDefaults, and a log to
// TestLogsResumed.
package callbacks
