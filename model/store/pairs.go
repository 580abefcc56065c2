package store

import (
	"math/bits"

	"invitesim/model/store/region"
)

// slot is what is known of one pair: 16 bytes, four to a cache line. A slot with key 0 is empty. The members are named
// low and high by their numbers.
type slot struct {
	key  uint64 // low<<32 | high
	at   uint32 // when the outstanding invitation of kind connect was sent, or the end of a cooldown
	bits uint32
}

// The bits of a slot. Those named low and high belong to an invitation sent by, or a block or a bar on, that member.
const (
	bitPending   = 1 << iota // an invitation of kind connect is outstanding and was not ignored
	bitIgnored               // it is outstanding and was ignored
	bitFromHigh              // its sender is the higher member
	bitReported              // it was reported
	bitNote                  // it has a note; without an invitation: at is the end of a cooldown, of the one that bitFromHigh tells
	bitAgain                 // an earlier one had ended withdrawn or expired
	bitConnected             // the two are connected
	bitBlockLow              // the lower blocks the higher
	bitBlockHigh             // the higher blocks the lower
	bitBarLow                // the lower may not invite the higher
	bitBarHigh               // the higher may not invite the lower
	bitPast                  // the shard's past holds more
	bitPriorLow              // an invitation from the lower has ended withdrawn or expired; three bits, by kind
	_
	_
	bitPriorHigh
	_
	_
	bitVersion // eight bits: which of the expiries in force it was sent under

	bitsOutstanding = bitPending | bitIgnored
	bitsInvitation  = bitsOutstanding | bitFromHigh | bitReported | bitNote | bitAgain | 0xff*bitVersion
	bitsPrior       = 7*bitPriorLow | 7*bitPriorHigh
	versionShift    = 18
	// The top six bits of the first slot of a bucket say how far the pairs that belong there lie from it at most, in buckets.
	displacedShift = 26
	displacedMax   = 63
	bitsState      = 1<<displacedShift - 1
)

// bucketSlots is how many slots share a cache line.
const bucketSlots = 4

type bucket [bucketSlots]slot

// pairs is a hash table of slots: buckets of one cache line, addressed by the high bits of a hash, so that a table that grows
// is copied from front to back. It needs no power of two: growth by a third keeps it three quarters full.
type pairs struct {
	region  region.Region[bucket]
	buckets uint64 // addressable ones; spare buckets behind them take what overflows the last
	used    int
	limit   int // grow at this many
}

// spareBuckets lie behind the last addressable bucket.
const spareBuckets = displacedMax + 1

// newPairs returns an empty table with room for about n pairs.
func newPairs(n int) pairs {
	var p pairs
	p.reserve(uint64(max(n/3, 2)))
	return p
}

func (p *pairs) reserve(buckets uint64) {
	p.buckets = buckets
	p.region = region.New[bucket](int(buckets) + spareBuckets)
	p.limit = int(buckets * bucketSlots * 3 / 4)
}

// home returns the bucket that a key belongs to.
func (p *pairs) home(key uint64) uint64 {
	high, _ := bits.Mul64(hash(key), p.buckets)
	return high
}

// hash spreads a pair's key over 64 bits; it is the mixing step of MurmurHash3's finalizer (Appleby 2011), cut to one round
// and an odd multiplication, which is enough for keys that differ in their low bits.
func hash(key uint64) uint64 {
	key ^= key >> 32
	key *= 0x9e3779b97f4a7c15
	key ^= key >> 29
	key *= 0xbf58476d1ce4e5b9
	key ^= key >> 32
	return key * 0x94d049bb133111eb
}

// find returns the slot of a key, nil if there is none. It is valid until the next insert.
func (p *pairs) find(key uint64) *slot {
	home := p.home(key)
	b := &p.region.Data[home]
	for i := range b {
		if b[i].key == key {
			return &b[i]
		}
	}
	displaced := b[0].bits >> displacedShift
	for ; displaced > 0; displaced-- {
		home++
		b = &p.region.Data[home]
		for i := range b {
			if b[i].key == key {
				return &b[i]
			}
		}
	}
	return nil
}

// insert returns a new slot for a key that has none, with all state bits clear.
func (p *pairs) insert(key uint64) *slot {
	for p.used >= p.limit {
		p.grow()
	}
	for {
		if s := p.place(key); s != nil {
			p.used++
			return s
		}
		p.grow()
	}
}

// place finds an empty slot for a key, nil if there is none near enough.
func (p *pairs) place(key uint64) *slot {
	home := p.home(key)
	for distance := uint64(0); distance <= displacedMax; distance++ {
		b := &p.region.Data[home+distance]
		for i := range b {
			if b[i].key == 0 {
				first := &p.region.Data[home][0]
				if distance > uint64(first.bits>>displacedShift) {
					first.bits = first.bits&bitsState | uint32(distance)<<displacedShift
				}
				b[i].key = key
				return &b[i]
			}
		}
	}
	return nil
}

// remove empties a slot.
func (p *pairs) remove(s *slot) {
	s.key, s.at = 0, 0
	s.bits &^= bitsState
	p.used--
}

// grow copies the table into one a third larger.
func (p *pairs) grow() {
	buckets := p.buckets + p.buckets/3 + 1
	for {
		larger := pairs{used: p.used}
		larger.reserve(buckets)
		if larger.copyFrom(p) {
			p.region.Release()
			*p = larger
			return
		}
		larger.region.Release()
		buckets += buckets / 3
	}
}

func (p *pairs) copyFrom(old *pairs) bool {
	for i := range old.region.Data {
		for j := range old.region.Data[i] {
			from := &old.region.Data[i][j]
			if from.key == 0 {
				continue
			}
			to := p.place(from.key)
			if to == nil {
				return false
			}
			to.at = from.at
			to.bits |= from.bits & bitsState
		}
	}
	return true
}
