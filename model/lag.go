package model

// Of returns by how long a change between two members at an instant shows late in lists: 0 for most, Min to Max,
// both included, for the lag's share of them. It is a hash of the seed, the unordered pair and the instant, so that
// whoever asks gets the same answer.
func (l Lag) Of(seed uint64, a, b Member, at Instant) Seconds {
	if l.Share == 0 {
		return 0
	}
	hash := Mix(Mix(seed, PairKey(a, b)), uint64(at))
	if Share(hash%uint64(Whole)) >= l.Share {
		return 0
	}
	return l.Min + Seconds(Mix(hash, 1)%uint64(l.Max-l.Min+1))
}

// PairKey numbers the unordered pair of two members.
func PairKey(a, b Member) uint64 {
	return uint64(min(a, b))<<32 | uint64(max(a, b))
}

// Mix returns a hash of two words: the finalizer of SplitMix64 (Steele, Lea, Flood 2014) on their combination.
func Mix(a, b uint64) uint64 {
	x := a*0x9e3779b97f4a7c15 + b + 0x632be59bd9b4e019
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
