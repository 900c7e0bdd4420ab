// Package search looks for good settings of a network and its training: Random draws them at random, and Halving gives more training
// only to the better ones. Trials run in parallel, the results do not depend on what runs beside what, and a search that was
// interrupted resumes from its file.
package search
