// Package lab provides what all experiments need besides a network: flags, images to train on, a folder for the results,
// handling of Ctrl-C, and a line of JSON at the end.
//
// An Experiment runs in a Lab. Its exit status is 0 if it has shown its results, also when Ctrl-C ended the training; 1 if
// something failed; 2 if it did not start because a flag is invalid, the data is unreadable or the folder is not writable.
package lab
