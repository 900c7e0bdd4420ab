package mpi

import (
	"os"
	"strconv"
)

// A launcher is a program that starts the processes of a group, as the environment shows it.
type launcher struct {
	name      string
	size      int // number of processes; 0 if the environment does not say
	local     int // of them on this machine; 0 if the environment does not say
	libraries []string
}

var (
	openMPI = []string{"libmpi.so.40"}
	mpich   = []string{"libmpi.so.12", "libmpich.so.12"}
)

// findLauncher returns the launcher that has started this process, nil if there is none.
func findLauncher(env func(string) string) *launcher {
	number := func(names ...string) int {
		for _, name := range names {
			if n, err := strconv.Atoi(env(name)); err == nil && n > 0 {
				return n
			}
		}
		return 0
	}
	switch {
	case env("OMPI_COMM_WORLD_SIZE") != "":
		return &launcher{"Open MPI's mpirun", number("OMPI_COMM_WORLD_SIZE"), number("OMPI_COMM_WORLD_LOCAL_SIZE"), openMPI}
	case env("PMI_RANK") != "" || env("PMI_FD") != "":
		return &launcher{"MPICH's mpirun", number("PMI_SIZE"), number("MPI_LOCALNRANKS"), mpich}
	case env("PMIX_RANK") != "": // srun --mpi=pmix
		return &launcher{"a PMIx launcher", number("SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"), number("SLURM_NTASKS_PER_NODE"), openMPI}
	}
	return nil
}

// check returns an error if the library does not see the processes that the launcher has started: that of another MPI starts each
// process as a group of its own.
func (l *launcher) check(library string, size int) error {
	if l.size != 0 && size != l.size {
		return errorf("%s started %d processes, and %s sees %d, want the library and the launcher of one MPI", l.name, l.size, library, size)
	}
	return nil
}

// threadsFor returns the number of threads of a rank: the cores that it may use, divided among the ranks of the machine unless the
// launcher has bound each to its own. cores are those of the machine, mine those that this process may use.
func threadsFor(cores, mine, local int) int {
	if mine < cores {
		return max(mine, 1)
	}
	return max(mine/max(local, 1), 1)
}

// setDefault sets a variable of the environment unless it is set.
func setDefault(name, value string) {
	if _, ok := os.LookupEnv(name); !ok {
		_ = os.Setenv(name, value)
	}
}
