// Package judge tests the lessons: what a lesson prints, and the reader's answers to its exercises. When a lesson prints something
// else, its part of the README is written anew by
//
//	go test -p 1 ./experiments/learn/0... ./experiments/learn/1... -update
package judge
