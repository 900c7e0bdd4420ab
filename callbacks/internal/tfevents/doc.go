// Package tfevents writes event files as TensorBoard reads them: records of TFRecord framing, each of them an Event, a
// protocol buffer of tensorflow/core/util/event.proto with a Summary of framework/summary.proto.
package tfevents
