// Package store is the system itself: every member, invitation and relation in memory, compact, safe for concurrent use.
//
// A member is a block of two cache lines with the lists of their invitations (block.go), a pair is a slot of 16 bytes in a hash
// table (pairs.go), and what only some have lies in side tables (shard.go). The rules are package model's: the store
// finds the records, holds the locks, asks model.Rules to decide, and writes the result back.
package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"unsafe"

	"invitesim/model"
	"invitesim/model/store/region"
)

// Options say what a store must hold.
type Options struct {
	Members  uint32
	Calendar model.Calendar
	Seed     uint64 // of the lag of views
	// Policies are the policy in force at first and those that may come later: the store keeps only what one of them can
	// ask for.
	Policies []model.Policy
	// Notices keeps notices, for those who will ask for them, and everything else that any later policy can ask for.
	Notices bool
	// Reminders keeps notices alone, for those who look for reminders.
	Reminders bool
	// Audit keeps totals per member, for Violations.
	Audit bool
	// Exclusive leaves all locking out: one goroutine at a time, as in virtual time.
	Exclusive bool
	// Pairs is about how many pairs will have to do with each other. The memory for so many is taken at once, where it would else be
	// taken as they come, which holds up one command or another; 0 for unknown.
	Pairs int
	// Sparse leaves all memory to come with the commands: of the members only some may do anything.
	Sparse bool
	// Observe, if given, is told of every change that no answer tells: what timers, blocks and closed accounts ended,
	// and restrictions that begin. It is called in the order of the changes of each member, inside the critical section:
	// it must not call the store.
	Observe func(Change)
}

// ErrMemory says that the machine does not have the memory for so many members.
var ErrMemory = errors.New("more memory than this machine gives the program (`free` and `ulimit -v` say how much that is)")

// Change is a change of state that no answer tells.
type Change struct {
	At        model.Instant
	Sender    model.Member // of the invitation, or the member who is restricted
	Recipient model.Member // 0 for a restriction
	State     model.State  // Expired or Cancelled; Absent for a restriction
	Kind      model.Kind
	Subject   uint32
	SentAt    model.Instant
	Met       model.Met     // what the invitation had met before it ended
	Until     model.Instant // of a restriction
}

// Store implements the rules on compact records.
type Store struct {
	members      uint32
	exclusive    bool
	seed         uint64
	observe      func(Change)
	keep         keeps
	rules        model.Rules
	epochs       []epoch         // the policies that were in force, for reminders
	expiries     []model.Seconds // by version
	version      int             // of the expiry in force
	looksBack    bool            // the policy in force looks at more than accounts
	retains      bool            // some policy so far kept withdrawn invitations in the sender's list
	sequence     atomic.Uint64   // of what notices and lagging lists put in order
	firstWeek    int64           // ordinal of the calendar window that instant 0 lies in
	blocks       region.Region[block]
	audits       region.Region[audit]  // by member; empty where nobody audits
	timers       region.Region[uint32] // by timerGroup members: none of their timers is due before
	settling     sync.RWMutex          // who has it for writing finds nobody in the middle of a group, whose word says nothing meanwhile
	shards       []shard
	memory       region.Region[bucket]       // of the shards' pairs, until they move
	tables       []tablePlace                // of the shards' pairs
	records      region.Region[model.Record] // room for everybody's, given out in chunks to shards; the system gives the memory as it is used
	recordsGiven atomic.Uint32               // records that shards have taken
	mask         model.Member                // shards - 1
}

// keeps says what some policy of a run can ask for.
type keeps struct {
	records     bool // of everybody who acts
	weekRecords bool // calendar windows too short for a block's ordinal
	reports     bool
	notes       bool
	kinds       bool // of the sends to pages and events
	prior       bool
	sliding     bool
	hits        bool
	lag         bool
	notices     bool
	audit       bool
}

// epoch is the time in which a policy is in force: after the timers of From, up to and with those of the next one's.
type epoch struct {
	from   model.Instant
	policy model.Policy
}

// never is the stamp that no clock reaches.
const never = math.MaxUint32

// New returns an empty store: strangers, open accounts, no invitations. When the context is cancelled, memory that was to be there before the first command is
// left to come with the commands: the store decides as any other. The error is of options that cannot be, or ErrMemory.
func New(ctx context.Context, o Options) (*Store, error) {
	if o.Members == 0 || o.Members > model.MaxMembers {
		return nil, fmt.Errorf("store: %d members (expected 1 to %d)", o.Members, model.MaxMembers)
	}
	if len(o.Policies) == 0 {
		return nil, fmt.Errorf("store: no policy is given")
	}
	if size, used := o.bytes(); !region.Given(size, used) {
		return nil, fmt.Errorf("%d members need about %.1f GiB, %w", o.Members, float64(size)/(1<<30), ErrMemory)
	}
	s := &Store{
		members: o.Members, exclusive: o.Exclusive, seed: o.Seed, observe: o.Observe,
		keep:      keepsOf(o),
		rules:     model.Rules{Policy: o.Policies[0], Calendar: o.Calendar},
		epochs:    []epoch{{from: math.MinInt64, policy: o.Policies[0]}},
		expiries:  []model.Seconds{o.Policies[0].Expiry},
		retains:   o.Policies[0].SentList.KeepWithdrawn > 0,
		firstWeek: o.Calendar.Period(0, o.Policies[0].WeeklyLimit.Period),
		blocks:    region.New[block](int(o.Members) + 1),
		timers:    region.New[uint32](int(o.Members)/timerGroup + 1),
		shards:    make([]shard, shardsFor(o.Members, o.Exclusive)),
	}
	s.records = region.New[model.Record](o.records(len(s.shards)))
	s.rules.Sparing = !s.keep.records
	s.looksBack = o.Policies[0].LooksBack()
	s.mask = model.Member(len(s.shards) - 1)
	if o.Audit {
		s.audits = touched[audit](ctx, &o, int(o.Members)+1)
	}
	s.tables = make([]tablePlace, len(s.shards))
	if !o.Sparse {
		region.Open(ctx, s.blocks.Data, openBlocks)
	}
	for i := range s.timers.Data {
		s.timers.Data[i] = never
	}
	s.openShards(ctx, o)
	return s, nil
}

// touched returns a region of n elements whose memory is there already, or, of a sparse store, comes with the commands.
func touched[T any](ctx context.Context, o *Options, n int) region.Region[T] {
	if o.Sparse {
		return region.New[T](n)
	}
	return region.NewTouched[T](ctx, n)
}

// openShards makes the shards empty ones. Their tables of pairs lie side by side, in pages that are larger than one of them may be.
func (s *Store) openShards(ctx context.Context, o Options) {
	room := roomFor(o.pairsOf(len(s.shards)))
	s.memory = touched[bucket](ctx, &o, room*len(s.shards))
	for i := range s.shards {
		s.shards[i].open(s.memory.Part(i*room, room), &s.tables[i])
	}
}

// bytes is about how much room a store needs, with half as much again for what others keep of its members, and how much of it the members' blocks
// take, which are used from the beginning.
func (o *Options) bytes() (size, used int) {
	shards, members := shardsFor(o.Members, o.Exclusive), int(o.Members)+1
	used = members * int(unsafe.Sizeof(block{}))
	size = used + o.records(shards)*int(unsafe.Sizeof(model.Record{})) + shards*roomFor(o.pairsOf(shards))*int(unsafe.Sizeof(bucket{}))
	if o.Audit {
		size += members * int(unsafe.Sizeof(audit{}))
	}
	return size + size/2, used
}

// records is how many records there is to be room for in so many shards.
func (o *Options) records(shards int) int { return int(o.Members) + recordChunk*shards }

// pairsOf returns for how many pairs there is to be room in each of so many shards.
func (o *Options) pairsOf(shards int) int {
	switch share := o.Pairs / shards; {
	case share == 0:
		return 2 * (int(o.Members) / shards)
	case o.Exclusive:
		return share + share/16 // some more: they are spread by chance
	default:
		return share + share/8 // over more shards, and by more chance
	}
}

// openBlocks makes the blocks those of members without timers. Zero ones are that, too, as soon as somebody looks whether a timer is due; but to be the
// first to touch their memory takes longer than the rest of the set-up of a large store.
func openBlocks(blocks []block) {
	for i := range blocks {
		blocks[i].nextTimer = never
	}
}

// keepsOf says what must be kept.
func keepsOf(o Options) keeps {
	k := keeps{notices: o.Notices || o.Reminders, audit: o.Audit}
	for i := range o.Policies {
		p := &o.Policies[i]
		k.records = k.records || p.Records()
		k.weekRecords = k.weekRecords || p.WeeklyLimit.Period < shortestWeek
		k.reports = k.reports || p.Restrict.On.Reports > 0
		k.notes = k.notes || p.Note.PerMonth != model.Unlimited
		k.kinds = k.kinds || p.Kinds.Page.Count != model.Unlimited || p.Kinds.Event.Count != model.Unlimited
		k.prior = k.prior || p.ReceivedList.ShowPrior
		k.sliding = k.sliding || p.Window() == model.WindowSliding
		k.hits = k.hits || p.Restrict.On.HitsCount > 0
		k.lag = k.lag || p.Views.Lag.Share > 0
	}
	if o.Notices {
		k.records, k.reports, k.notes, k.kinds, k.prior, k.sliding, k.hits = true, true, true, true, true, true, true
	}
	k.records = k.records || k.weekRecords
	return k
}

// shortestWeek is the shortest calendar window of which 2¹⁶ cover the longest run.
const shortestWeek = model.Seconds(model.LastInstant)/math.MaxUint16 + 1

// mostShards is how many shards a store has at most.
const mostShards = 1024

// shardsFor returns how many shards serve that many members: enough that a table's growth stays small and that locks
// are rarely met, few enough that small systems cost little.
func shardsFor(members uint32, exclusive bool) int {
	most, share := 16, uint32(16_384)
	if !exclusive {
		most, share = mostShards, 4
	}
	shards := 1
	for shards < most && uint32(shards)*share < members {
		shards *= 2
	}
	return shards
}

// open makes an empty shard, with memory for its table of pairs.
func (h *shard) open(memory region.Region[bucket], table *tablePlace) {
	h.pairs.open(memory, table)
	h.pasts = map[uint64]past{}
	h.named.open(region.New[bucket](roomFor(0)), &h.namedPlace)
	h.withdrawn = map[asideName]uint32{}
	h.sends = map[model.Member]stamps{}
	h.hits = map[model.Member]stamps{}
	h.answers = map[answerName]answered{}
	h.late = map[model.Member][]lateRow{}
	h.notices = map[model.Member][]notice{}
	h.told = map[asideName]told{}
	h.sweepAt = 1024
}

// Release gives the memory back. The store must not be used any more.
func (s *Store) Release() {
	s.blocks.Release()
	s.audits.Release()
	s.timers.Release()
	for i := range s.shards {
		h := &s.shards[i]
		h.pairs.region.Release()
		h.named.region.Release()
		h.entries.region.Release()
		h.stamps.region.Release()
		h.asides.region.Release()
	}
	s.memory.Release()
	s.records.Release()
}

// exists says whether m is a member.
func (s *Store) exists(m model.Member) bool { return m != 0 && uint32(m) <= s.members }

func (s *Store) shard(m model.Member) *shard { return &s.shards[m&s.mask] }

func (s *Store) block(m model.Member) *block { return &s.blocks.Data[m] }

// pairShard returns the shard that keeps the pair of a and b.
func (s *Store) pairShard(a, b model.Member) *shard { return s.shardOfPair(model.PairKey(a, b)) }

// shardOfPair returns the shard that keeps the pair with a key: that of the lower member.
func (s *Store) shardOfPair(key uint64) *shard { return s.shard(lowerOf(key)) }

// lowerOf returns the lower member of a pair.
func lowerOf(key uint64) model.Member { return model.Member(key >> 32) }
