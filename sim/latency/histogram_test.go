package latency

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
)

// values are of every magnitude, most of them small.
func values(seed uint64, n int) []int64 {
	random := rand.New(rand.NewPCG(seed, 1))
	all := make([]int64, n)
	for i := range all {
		all[i] = int64(math.Exp(random.Float64() * math.Log(highest)))
	}
	return all
}

func filled(values []int64) *Histogram {
	h := NewHistogram()
	for _, value := range values {
		h.Record(value)
	}
	return h
}

// Every bucket must be the one that the library puts the value in, or no other tool could read what is written.
func TestBucketsAreThoseOfTheLibrary(t *testing.T) {
	library := hdrhistogram.New(lowest, highest, significantDigits)
	if err := library.RecordValue(ceiling); err != nil { // it tells buckets up to the last one in use
		t.Fatal(err)
	}
	if bars := library.Distribution(); len(bars) != Buckets || bars[Buckets-1].To != ceiling {
		t.Fatalf("the library has %d buckets up to %d, want %d up to %d", len(bars), bars[len(bars)-1].To, Buckets, ceiling)
	}
	for bucket, bar := range library.Distribution() {
		if lastOf(bucket) != bar.To {
			t.Fatalf("bucket %d ends at %d, want %d", bucket, lastOf(bucket), bar.To)
		}
		for _, value := range []int64{bar.From, bar.To} {
			if got := BucketOf(value); got != uint64(bucket) {
				t.Fatalf("%d is in bucket %d, want %d", value, got, bucket)
			}
		}
	}
}

func TestFiguresAgainstASortedSlice(t *testing.T) {
	for _, n := range []int{1, 2, 9, 10, 11, 999, 20_000} {
		all := values(uint64(n), n)
		h := filled(all)
		slices.Sort(all)
		sum := uint64(0)
		for _, value := range all {
			sum += uint64(value)
		}
		if h.Count() != uint64(n) || h.Sum() != sum || h.Max() != all[n-1] || h.Mean() != float64(sum)/float64(n) {
			t.Errorf("%d values: count %d, sum %d, max %d, mean %g", n, h.Count(), h.Sum(), h.Max(), h.Mean())
		}
		for _, thousandths := range []uint64{0, 1, 500, 900, 990, 999, 1000} {
			rank := max((n*int(thousandths)+999)/1000, 1)
			want := all[rank-1]
			if got := h.Percentile(thousandths); got < want || got > want+want/1000 || got > h.Max() {
				t.Errorf("%d values: percentile %d/1000 is %d, want %d to within a thousandth", n, thousandths, got, want)
			}
		}
	}
}

func TestMergingIsRecordingTogether(t *testing.T) {
	one, other := values(1, 5000), values(2, 3000)
	other = append(other, -5, 0, highest*2)
	merged := filled(one)
	merged.Merge(filled(other))
	together := filled(append(one, other...))
	if diff := cmp.Diff(together, merged, cmp.AllowUnexported(Histogram{})); diff != "" {
		t.Error(diff)
	}
}

func TestValuesOutsideTheGeometry(t *testing.T) {
	h := filled([]int64{-1, math.MinInt64, ceiling + 1, 3 * highest})
	if h.Count() != 4 || h.Beyond() != 2 || h.Max() != 3*highest || h.Percentile(500) != 0 || h.Percentile(1000) != ceiling {
		t.Errorf("count %d, beyond %d, max %d, p50 %d, p100 %d", h.Count(), h.Beyond(), h.Max(), h.Percentile(500), h.Percentile(1000))
	}
}

func TestEncodingIsReadByTheLibrary(t *testing.T) {
	h := filled(values(3, 10_000))
	back, err := hdrhistogram.Decode([]byte(h.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if back.HighestTrackableValue() != highest || back.LowestTrackableValue() != lowest || back.SignificantFigures() != significantDigits {
		t.Errorf("the geometry became %d to %d with %d digits", back.LowestTrackableValue(), back.HighestTrackableValue(), back.SignificantFigures())
	}
	want := map[int64]int64{}
	for bucket, count := range h.counts {
		if count > 0 {
			want[lastOf(bucket)] = int64(count)
		}
	}
	got := map[int64]int64{}
	for _, bar := range back.Distribution() {
		if bar.Count > 0 {
			got[bar.To] = bar.Count
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNearestRankDoesNotOverflow(t *testing.T) {
	if got := NearestRank(1<<63, 999); got < 1<<62 || got > 1<<63 {
		t.Errorf("the rank of a large count is %d", got)
	}
}

func TestPercentilesThatAreNotSupported(t *testing.T) {
	for n, want := range map[int][4]bool{19: {}, 20: {true}, 99: {true}, 100: {true, true}, 999: {true, true}, 1000: {true, true, true}, 10_000: {true, true, true, true}} {
		f := filled(values(1, n)).Figures()
		if got := [4]bool{f.P50NS != nil, f.P90NS != nil, f.P99NS != nil, f.P999NS != nil}; got != want {
			t.Errorf("%d values tell p50, p90, p99, p999: %v, want %v", n, got, want)
		}
	}
}

func TestSpectrum(t *testing.T) {
	all := values(4, 123_456)
	curve := filled(all).spectrum()
	slices.Sort(all)
	for i, x := range curve.X {
		above := int(float64(len(all)) / x * (1 + 1e-12))
		if above < leastBeyond {
			t.Fatalf("x %g: %d values are above", x, above)
		}
		want := float64(all[max(len(all)-above, 1)-1])
		if curve.Y[i] < want || curve.Y[i] > want*1.001 {
			t.Errorf("x %g: %g, want %g", x, curve.Y[i], want)
		}
		if i > 0 && (x <= curve.X[i-1] || curve.Y[i] < curve.Y[i-1]) {
			t.Errorf("point %d, (%g, %g), falls behind the one before", i, x, curve.Y[i])
		}
	}
	if last := curve.X[len(curve.X)-1]; last < 9000 || curve.X[0] != 1 {
		t.Errorf("the spectrum goes from %g to %g, want 1 to about 12 000", curve.X[0], last)
	}
	if few := filled(all[:9]).spectrum(); len(few.X) > 0 {
		t.Errorf("nine values have a spectrum of %d points", len(few.X))
	}
}
