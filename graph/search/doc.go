// Package search looks for good settings of a network and its training: Random draws them at random, and Halving gives more training
// only to the better ones. Trials run in parallel, the results do not depend on what runs beside what, and a search that was
// interrupted resumes from its file.
//
// Results print as a table; go run ./experiments/table -search 30 also draws them.
//
// # Why the halving waits
//
// A trial of Halving gets the next budget when all trials with its budget have finished. Asynchronous halving (ASHA: Li et al. 2020, "A
// System for Massively Parallel Hyperparameter Tuning") does not wait, so that no processor is idle; but then the order in which trials
// happen to finish decides which of them get more, and the same seed gives other results in the next run. With Trials several times
// Parallel, little time is lost by waiting. Hyperband (Li et al. 2018) is several Halvings, with fewer Trials the larger the first of
// Budgets, each with a Seed and a Path of its own.
package search
