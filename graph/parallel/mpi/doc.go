// Package mpi has the group of processes that MPI's mpirun starts, for data-parallel training on several cores or machines, see
// graph.FitConfig.Group. The library is Open MPI 4 (libmpi.so.40) or MPICH 3 or 4 (libmpi.so.12, libmpich.so.12), whichever the launcher
// belongs to; one program runs with both. It is loaded when the program starts, without cgo, on Linux on amd64 and arm64; on other
// systems Start returns an error if a launcher has started the program. A program that imports this package is linked dynamically.
//
//	func main() {
//		os.Exit(mpi.Run(mpi.Config{}, func(g *mpi.Group) error {
//			model, err := graph.Compile(...)
//			...
//			_, err = model.Fit(ctx, data, graph.FitConfig{Shards: 8, Group: g, ...})
//			return err
//		}))
//	}
//
// is started with mpirun -n 4 program. A program that is started without a launcher is a group of one process, and loads no library.
package mpi
