package kernels

import "sync"

// A job is the arguments of work that a Pool divides, and the function that the Pool calls. Jobs are used again: a closure for each
// call would be an allocation in each step of a training.
type job[A any] struct {
	args A
	run  func(lo, hi int)
}

// A divided is a pointer to arguments whose method piece does a part of the work.
type divided[A any] interface {
	*A
	piece(lo, hi int)
}

// divide calls piece on pieces of [0, n), as Pool.For does. It returns the arguments as the pieces leave them.
func divide[A any, P divided[A]](p *Pool, n, grain int, args A) A {
	s := jobsOf[A]()
	j, ok := s.pop()
	if !ok {
		j = new(job[A])
		j.run = P(&j.args).piece
	}
	j.args = args
	p.For(n, grain, j.run)
	args, j.args = j.args, *new(A)
	s.push(j)
	return args
}

// jobs holds the free jobs, a *stack[*job[A]] for each type A, by a nil *A.
var jobs sync.Map

func jobsOf[A any]() *stack[*job[A]] {
	s, ok := jobs.Load((*A)(nil))
	if !ok {
		s, _ = jobs.LoadOrStore((*A)(nil), new(stack[*job[A]]))
	}
	return s.(*stack[*job[A]])
}

// inner divides n independent products among the workers of p, if there are enough of them, and then the products get no Pool;
// otherwise one piece has all products, and they get p.
func inner(p *Pool, n int) (outer, inner *Pool) {
	if n < p.Workers() {
		return nil, p
	}
	return p, nil
}
