// Package lab has what experiments share apart from their networks: the flags, the pictures to train on, the folder that
// results are written to, Ctrl-C, and the line of JSON at the end.
//
// An Experiment runs in a Lab. Its exit status is 0 when it has shown its results, also those of a training that Ctrl-C ended;
// 1 when something failed; 2 when it was not begun, because a flag is wrong or its folder can't be written to.
package lab
