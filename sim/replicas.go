package sim

import "slices"

// OfReplicas returns what each replica of a result of several measured at a path, in the order of their seeds; false where one of them has no
// sample, or where the result does not tell them apart.
func (r *Result) OfReplicas(path string) ([]float64, bool) {
	if values := r.EachReplica[path]; len(values) == r.Replicas {
		return values, true
	}
	mean := r.Replicates[path]
	if mean.N != r.Replicas || mean.Low != mean.High || len(r.EachReplica) == 0 {
		return nil, false
	}
	return slices.Repeat([]float64{mean.Mean}, r.Replicas), true // all measured the same
}
