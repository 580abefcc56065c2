package store

import (
	"math/bits"
	"sync/atomic"
	"unsafe"

	"invitesim/model/store/region"
)

// slot is what is known of one pair: 16 bytes, four to a cache line. A slot with key 0 is empty. The members are named
// low and high by their numbers.
type slot struct {
	key  uint64 // low<<32 | high
	at   uint32 // when the invitation of kind connect was sent that is outstanding or has connected the two, or the end of a cooldown
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

// pairs is a hash table of slots: buckets of one cache line, addressed by the high bits of a hash, so that pairs keep
// their order in a table that grows. It needs no power of two: growth by a third keeps it three quarters full.
type pairs struct {
	used, limit int // it grows when used reaches limit
	region      region.Region[bucket]
	place       *tablePlace
}

// tablePlace says where a table is, to those who hold no lock: for prefetches only. The fields are read and written atomically, each for
// itself; who reads both while the table moves has an address where nothing is.
type tablePlace struct {
	first   uintptr // address of the first bucket
	buckets uint64  // addressable ones; spare buckets behind them take what overflows the last
}

// bucketOf returns the address of the bucket that a key belongs to.
func (p *tablePlace) bucketOf(key uint64) uintptr {
	home := homeAmong(atomic.LoadUint64(&p.buckets), key)
	return atomic.LoadUintptr(&p.first) + uintptr(home)*unsafe.Sizeof(bucket{})
}

// spareBuckets lie behind the last addressable bucket.
const spareBuckets = displacedMax + 1

// roomFor returns how many buckets a table for about n pairs has.
func roomFor(n int) int { return max(n/3, 2) + spareBuckets }

// open makes an empty table in memory that is all zero, and says at place where it is, now and when it has moved.
func (p *pairs) open(memory region.Region[bucket], place *tablePlace) {
	p.region, p.place = memory, place
	p.moved()
}

// moved says where the table is, and when it is full.
func (p *pairs) moved() {
	p.limit = int(p.buckets() * bucketSlots * 3 / 4)
	atomic.StoreUint64(&p.place.buckets, p.buckets())
	atomic.StoreUintptr(&p.place.first, uintptr(unsafe.Pointer(&p.region.Data[0])))
}

// buckets returns the number of addressable buckets.
func (p *pairs) buckets() uint64 { return uint64(len(p.region.Data) - spareBuckets) }

// home returns the bucket that a key belongs to.
func (p *pairs) home(key uint64) uint64 { return homeAmong(p.buckets(), key) }

func homeAmong(buckets, key uint64) uint64 {
	high, _ := bits.Mul64(hash(key), buckets)
	return high
}

// hash spreads a pair's key over 64 bits, the high ones above all: two multiplications, and in between the half that depends on all
// of the key on top of the other.
func hash(key uint64) uint64 {
	key *= 0x9e3779b97f4a7c15
	key ^= key >> 32
	return key * 0xbf58476d1ce4e5b9
}

// find returns the slot of a key, nil if there is none. It is valid until the next insert.
func (p *pairs) find(key uint64) *slot {
	home := p.home(key)
	b := &p.region.Data[home]
	if with := b.with(key); with != 0 {
		return &b[bits.TrailingZeros8(with)%bucketSlots]
	}
	if displaced := uint64(b[0].bits >> displacedShift); displaced > 0 {
		return findIn(p.region.Data[home+1:home+1+displaced], key)
	}
	return nil
}

// findIn looks for a key in buckets beyond its own.
func findIn(buckets []bucket, key uint64) *slot {
	for i := range buckets {
		for j := range buckets[i] {
			if buckets[i][j].key == key {
				return &buckets[i][j]
			}
		}
	}
	return nil
}

// insert returns a new slot for a key that has none, with all state bits clear.
func (p *pairs) insert(key uint64) *slot {
	if p.used >= p.limit {
		p.grow()
	}
	for {
		if s := place(p.region.Data[p.home(key):], key); s != nil {
			p.used++
			return s
		}
		p.grow()
	}
}

// place finds an empty slot for a key that belongs to the first of some buckets, nil if there is none near enough.
func place(buckets []bucket, key uint64) *slot {
	if s := buckets[0].empty(); s != nil {
		s.key = key
		return s
	}
	for distance := uint32(1); distance <= displacedMax; distance++ {
		if s := buckets[distance].empty(); s != nil {
			if first := &buckets[0][0]; distance > first.bits>>displacedShift {
				first.bits = first.bits&bitsState | distance<<displacedShift
			}
			s.key = key
			return s
		}
	}
	return nil
}

// with returns the slots that hold a key, a bit each, the first the lowest. It has no branches: which slot it is nobody can predict.
func (b *bucket) with(key uint64) (slots uint8) {
	return same(b[0].key, key) | same(b[1].key, key)<<1 | same(b[2].key, key)<<2 | same(b[3].key, key)<<3
}

// same is 1 where two keys are the same.
func same(a, b uint64) (bit uint8) {
	if a == b {
		bit = 1
	}
	return bit
}

// empty returns the first empty slot, nil if there is none.
func (b *bucket) empty() *slot {
	if empty := b.with(0); empty != 0 {
		return &b[bits.TrailingZeros8(empty)%bucketSlots]
	}
	return nil
}

// remove empties a slot.
func (p *pairs) remove(s *slot) {
	s.key, s.at = 0, 0
	s.bits &^= bitsState
	p.used--
}

// grow makes the table a third larger where it is.
func (p *pairs) grow() {
	var left []slot
	for again := true; again; again = len(left) > 0 {
		buckets := int(p.buckets())
		p.region.Extend(buckets + buckets/3 + 1 + spareBuckets)
		p.moved()
		left = p.enter(p.spread(left))
	}
}

// spread puts the pairs of a table that has been extended where they belong now, from the last to the first: each belongs behind where it was, so
// that none gets in the way of one that has not moved. It adds those for which there was no place to the given ones, and returns all.
func (p *pairs) spread(left []slot) []slot {
	all, buckets := p.region.Data, p.buckets()
	for i := len(all) - 1; i >= 0; i-- {
		from := all[i]
		all[i].clear(i >= crowded)
		for j := range from {
			if pair := &from[j]; pair.key != 0 && (i < crowded || !all[homeAmong(buckets, pair.key)].take(pair)) && !p.put(pair) {
				left = append(left, *pair)
			}
		}
	}
	return left
}

// take puts a pair in the first empty slot of a bucket that was cleared and has only been filled since, and says whether there was one.
func (b *bucket) take(pair *slot) bool {
	empty := b.with(0)
	if empty == 0 {
		return false
	}
	b[bits.TrailingZeros8(empty)%bucketSlots] = slot{pair.key, pair.at, pair.bits & bitsState}
	return true
}

// crowded is how many of the first buckets may get pairs from behind them before their own have moved. A pair lies at most displacedMax buckets behind
// the one it belongs to, and belongs a third further back in the larger table: from here on that is further than it lay.
const crowded = 4 * spareBuckets

// clear empties the slots of a bucket, and with all forgets how far away its pairs lie.
func (b *bucket) clear(all bool) {
	displaced := b[0].bits &^ bitsState
	*b = bucket{}
	if !all {
		b[0].bits = displaced
	}
}

// enter puts pairs in the table, and returns those for which there is no place.
func (p *pairs) enter(pairs []slot) (left []slot) {
	for i := range pairs {
		if !p.put(&pairs[i]) {
			left = append(left, pairs[i])
		}
	}
	return left
}

// put enters a pair that has been in the table before, and says whether there was a place for it.
func (p *pairs) put(pair *slot) bool {
	s := place(p.region.Data[p.home(pair.key):], pair.key)
	if s == nil {
		return false
	}
	s.at = pair.at
	s.bits |= pair.bits & bitsState
	return true
}
