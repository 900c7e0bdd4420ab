// Package datasets prepares data for training: it reads images, tables and arrays, scales columns, adds noise, and draws small
// data sets for trying out a network.
//
//   - MNIST returns the handwritten digits, which are embedded in the program: no download, no path. IDX reads a folder of four
//     files in MNIST's format, such as Fashion-MNIST or KMNIST. Both return Images, whose X, Planes and Y are tensors.
//   - CSV reads tables, also larger than memory, SQL reads the rows of a query, and Structs takes a slice of structs. A Table
//     prints as a summary; layers.Columns prepares it for a network, and Table.Arrays takes its numbers as they are.
//   - Pictures reads folders of PNG, JPEG, GIF and WebP files, which are decoded as they are needed; Picture is how they become
//     tensors, which a model's file keeps for PredictImage. MixUp and CutMix mix samples.
//   - Windows cuts series into samples for forecasting, and splits them in time; Calendar makes columns of times.
//   - OpenNPY, ReadNPY, ParseNPY, WriteNPY and NPZ read and write NumPy's files of arrays.
//   - MinMax and MeanVariance fit a Scaler to the training data, which then scales all data.
//   - OneHot converts class numbers to rows of 0 and 1.
//   - Pad makes one tensor of sequences of different lengths. Buckets is a graph.Dataset of such sequences: its batches have
//     sequences of similar lengths.
//   - Map, Filter, Concat, Take, Rows, Weighted, Shuffle, Cache and Prefetch are data sets around others; Stream makes one of samples
//     that come one after another. All draw what is random from the generator of the pass alone, so a run that is killed and resumed
//     ends with the same bits.
//   - Classes numbers labels of any type, and keeps them in the model's file.
//   - PixelNoise is a graph.Dataset whose input is a noisy image and whose target is the clean one.
//   - TwoGaussians, FourGaussians, FourStripes and Line draw toy data sets from a seed.
//
// An error about a file names the file, the position in it, what it got there and what it wants.
//
// # To write a Dataset of your own
//
// Data that fit in memory need no type: put tensors into graph.Arrays. For other data, write the two methods of graph.Dataset.
// Len returns the number of samples. Batches(size, rng) returns an iterator over batches of size samples; the last one may be
// smaller, and size 0 means all samples in one batch. Draw the order from rng, and from nothing else, so that a run can be
// repeated and resumed; a nil rng means the data set's own order. A batch is valid until the next one, so its tensors may be
// reused. To report an error, yield it with an empty Batch and return. PixelNoise, which wraps another Dataset, is an example.
package datasets
