// Package collective has operations of all processes of a group, made of exchanges between two: the sum of vectors in a fixed
// binary tree, gathering and broadcasting of messages. All processes call the same operations in the same order. The size of a
// group is a power of two.
package collective
