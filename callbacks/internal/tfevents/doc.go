// Package tfevents writes the event files that TensorBoard reads. A file is a sequence of TFRecord records. Each record is an
// Event, a protocol buffer defined in tensorflow/core/util/event.proto, with a Summary from framework/summary.proto.
package tfevents
