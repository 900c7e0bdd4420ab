// Package sqlite tests datasets.SQL with a real database. It is a module of its own, so that the library does not depend on one.
package sqlite
