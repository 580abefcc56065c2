package baseline

import (
	"maps"
	"slices"
	"strings"

	"invitesim/sim/statistics"
)

// replicaChanges returns the means over replicas that differ, with their intervals where the replicas of both are known one by one: seed by
// seed. Nothing where there is another number of replicas on either side.
func replicaChanges(base, now *Baseline) []Change {
	if n := base.replicas(); n < 2 || n != now.replicas() {
		return nil
	}
	then, later := base.means(), now.means()
	paths := maps.Clone(then)
	maps.Copy(paths, later)
	var all []Change
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		x, known := base.each(path)
		y, alsoKnown := now.each(path)
		change := Change{Path: replicates + path, Base: then[path], Now: later[path]}
		if known && alsoKnown {
			paired, err := statistics.Paired(x, y)
			if slices.Equal(x, y) || err != nil {
				continue
			}
			change.Base, change.Now = statistics.Of(x).Mean, statistics.Of(y).Mean
			change.Pairs, change.Low, change.High = len(x), paired.Relative.Low, paired.Relative.High
		}
		if change.Base != change.Now || change.Pairs > 0 {
			all = append(all, change)
		}
	}
	return all
}

// replicas is how many replicas the baseline is of: 0 for a single run.
func (b *Baseline) replicas() int {
	most := 0
	for _, r := range b.Replicates {
		most = max(most, r.N)
	}
	return most
}

// means returns the means over replicas by path, with the shares that follow from counts where the replicas are known one by one.
func (b *Baseline) means() map[string]float64 {
	all := map[string]float64{}
	for path, r := range b.Replicates {
		all[path] = r.Mean
		share := strings.TrimSuffix(path, "count") + "share"
		if !strings.Contains(path, ".outcomes.") {
			continue
		}
		if each, known := b.each(share); known {
			all[share] = statistics.Of(each).Mean
		}
	}
	return all
}

// each returns the figure of every replica; false where only their mean is known. What is not in a baseline is 0, as in Figures; a share of an outcome
// follows from the counts.
func (b *Baseline) each(path string) ([]float64, bool) {
	if counted, ok := strings.CutSuffix(path, ".share"); ok && strings.Contains(path, ".outcomes.") {
		verb, _, _ := strings.Cut(path, ".outcomes.")
		part, known := b.each(counted + ".count")
		whole, alsoKnown := b.each(verb + ".count")
		if !known || !alsoKnown || slices.Contains(whole, 0) {
			return nil, false
		}
		shares := make([]float64, len(part))
		for k := range part {
			shares[k] = part[k] / whole[k]
		}
		return shares, true
	}
	if each, told := b.EachReplica[path]; told {
		return each, true
	}
	r := b.Replicates[path]
	return slices.Repeat([]float64{r.Mean}, b.replicas()), r.Low == r.High && (r.N == 0 || r.N == b.replicas()) && len(b.EachReplica) > 0
}
