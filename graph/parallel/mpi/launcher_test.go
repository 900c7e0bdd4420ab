package mpi

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFindLauncher: the environment says which MPI started the program.
func TestFindLauncher(t *testing.T) {
	for _, c := range []struct {
		env  string
		want *launcher
	}{
		{"", nil},
		{"SLURM_NTASKS=4", nil}, // salloc without srun
		{"OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_SIZE=2 PMIX_RANK=1", &launcher{"Open MPI's mpirun", 4, 2, openMPI}},
		{"PMI_RANK=0 PMI_SIZE=8 MPI_LOCALNRANKS=8", &launcher{"MPICH's mpirun", 8, 8, mpich}},
		{"PMI_FD=7", &launcher{"MPICH's mpirun", 0, 0, mpich}},
		{"PMIX_RANK=3 SLURM_STEP_NUM_TASKS=16 SLURM_NTASKS=32", &launcher{"a PMIx launcher", 16, 0, openMPI}},
	} {
		t.Run(c.env, func(t *testing.T) {
			require.Equal(t, c.want, findLauncher(func(name string) string {
				for _, v := range strings.Fields(c.env) {
					if value, ok := strings.CutPrefix(v, name+"="); ok {
						return value
					}
				}
				return ""
			}))
		})
	}
}

// TestThreads: a rank has the cores that it is bound to, or its part of those that it shares.
func TestThreads(t *testing.T) {
	for _, c := range []struct{ cores, mine, local, want int }{
		{8, 1, 4, 1}, {8, 8, 2, 4}, {8, 8, 16, 1}, {8, 8, 0, 8}, {8, 4, 2, 4}, {0, 2, 2, 1}, {2, 2, 1, 2},
	} {
		require.Equal(t, c.want, threadsFor(c.cores, c.mine, c.local), "%+v", c)
	}
}

// TestWrongLibrary: the library of the other MPI would make each process a group of its own; it is refused. So is one that is not there,
// and one that is not an MPI.
func TestWrongLibrary(t *testing.T) {
	needLong(t)
	other := map[string]string{"mpirun.openmpi": mpich[1], "mpirun.mpich": openMPI[0]}
	list := launchers(t)
	for _, l := range list {
		for library, want := range map[string]string{
			other[l]:        "want the library and the launcher of one MPI",
			"libmissing.so": "libmissing.so",
			"libc.so.6":     "MPI_Init",
		} {
			if library == other[l] && len(list) < 2 {
				continue
			}
			if library == openMPI[0] {
				continue // without its launcher, Open MPI starts a daemon or ends the process by itself
			}
			out, err := limited(t, command(t, l, 2, "exchange", "NNDIY_TEST_MPI_LIBRARY="+library), time.Minute)
			require.Error(t, err, "%s %s: %s", l, library, out)
			require.Contains(t, out, want, "%s %s", l, library)
		}
	}
}

// TestConfig: settings that cannot be are errors.
func TestConfig(t *testing.T) {
	_, err := Start(Config{Timeout: -1})
	require.EqualError(t, err, "mpi: Start: Timeout: got -1ns, want 0 or more")
	_, err = Start(Config{Threads: -1})
	require.EqualError(t, err, "mpi: Start: Threads: got -1, want 0 or more")
}

// TestAlone: without a launcher the group has one member, which loads no library.
func TestAlone(t *testing.T) {
	g, err := Start(Config{})
	require.NoError(t, err)
	require.Equal(t, 0, g.Rank())
	require.Equal(t, 1, g.Size())
	require.Regexp(t, `^rank 0 of 1, no MPI, \d+ threads?$`, g.String())
	require.EqualError(t, g.Exchange(t.Context(), 0, nil, nil), "mpi: Exchange: got partner 0 for rank 0 of 1, want another rank")
	require.NoError(t, g.Close())
	require.EqualError(t, g.Exchange(t.Context(), 0, nil, nil), "mpi: Exchange: the group is closed")
}
