// Package datasets makes data ready for training: it reads pictures and tables, scales them, adds noise to them, and makes
// small sets to try a network on.
//
//   - MNIST are the handwritten digits, part of the program: no download, no path. IDX reads any other folder of the same four
//     files, such as Fashion-MNIST or KMNIST. Both give Images, whose X, Planes and Y are tensors.
//   - CSV reads tables of numbers.
//   - OpenNPY, ReadNPY, WriteNPY and NPZ read and write NumPy's files of arrays.
//   - MinMax and MeanVariance fit a Scaler to the training part; it is then applied to every other part.
//   - OneHot turns class numbers into rows of 0 and 1.
//   - PixelNoise is a graph.Dataset whose input is a noisy picture and whose target is the clean one.
//   - TwoGaussians, FourGaussians, FourStripes and Line are toy sets, drawn from a seed.
//
// An error of a file names the file, the place in it, what is there and what should be.
package datasets
