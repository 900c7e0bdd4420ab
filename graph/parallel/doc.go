// Package parallel has groups of processes for data-parallel training, see graph.FitConfig.Group, and operations of all processes of a
// group: the sum of vectors in a fixed binary tree, broadcast and barrier. All processes call them in the same order.
//
// Local is a group within one process, for tests. Package graph/parallel/mpi has the groups that mpirun starts.
package parallel
