package chance

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// evenings weighs 18 to 23 h by 1 and the rest of the day by 0.1.
func evenings() (weights [168]float64) {
	for i := range weights {
		weights[i] = 0.1
		if i%24 >= 18 && i%24 < 23 {
			weights[i] = 1
		}
	}
	return weights
}

// always weighs all hours alike.
func always() (weights [168]float64) {
	for i := range weights {
		weights[i] = 4
	}
	return weights
}

func TestIntensityFollowsTheLocalClock(t *testing.T) {
	// 2023-11-14T22:15:23Z, a Tuesday; five hours west it is 17:15:23.
	v := must(NewIntensity(evenings(), -5*3600, 1_700_000_123, 14*86400, nil))
	mean := (5 + 19*0.1) / 24
	sixOClock := int64((60-15)*60-23) * second
	for _, c := range []struct {
		at   int64
		want float64
	}{
		{0, 0.1 / mean},
		{sixOClock - 1, 0.1 / mean},
		{sixOClock, 1 / mean},
		{sixOClock + 5*hour - 1, 1 / mean},
		{sixOClock + 5*hour, 0.1 / mean},
		{sixOClock + 24*hour, 1 / mean},
		{-5, 0.1 / mean},
		{15 * 86400 * second, 0.1 / mean},
	} {
		if got := v.at(c.at); math.Abs(got-c.want) > 1e-13 {
			t.Errorf("at %d ns the intensity is %g, want %g", c.at, got, c.want)
		}
	}
	if got := v.total; math.Abs(got-14*86400) > 1e-6 {
		t.Errorf("two weeks have %g units, want one for each second", got)
	}
}

func TestMondayIsTheFirstDay(t *testing.T) {
	var weights [168]float64
	weights[0] = 1
	for _, start := range []int64{345600, 345600 - 604800, 345600 + 2900*604800, -345600 - 10*604800 + 2*345600} {
		v := must(NewIntensity(weights, 0, start, 604800, nil))
		if v.at(0) != 168 || v.at(hour-1) != 168 || v.at(hour) != 0 {
			t.Errorf("a run from %d on does not start in the first hour of a week", start)
		}
	}
	v := must(NewIntensity(weights, 5*3600+1800, 345600, 604800, nil))
	if at, ok := v.Next(0, 0); !ok || v.at(at) != 168 || at != (168*3600-5*3600-1800)*second {
		t.Errorf("Monday 0 h, five and a half hours east, is at %d ns", at)
	}
}

func TestEpisodesMultiply(t *testing.T) {
	episodes := []Episode{{1000 * second, 5000 * second, 3}, {4000 * second, 8000 * second, 0.5}, {-5, 7, 2}, {9000 * second, 9e18, 0}}
	v := must(NewIntensity(always(), 0, 0, 10_000, episodes))
	for at, want := range map[int64]float64{
		0: 2, 6: 2, 7: 1, 999 * second: 1, 1000 * second: 3, 4000 * second: 1.5, 5000*second - 1: 1.5,
		5000 * second: 0.5, 8000 * second: 1, 9000 * second: 0, 10_000*second - 1: 0,
	} {
		if got := v.at(at); math.Abs(got-want) > 1e-15 {
			t.Errorf("at %d ns the intensity is %g, want %g", at, got, want)
		}
	}
	if _, ok := v.Next(8999*second, 1.5); ok {
		t.Error("something happens where the intensity is 0 until the end")
	}
	if at, ok := v.Next(8999*second, 0.5); !ok || at != 8999*second+second/2 {
		t.Errorf("half a unit before the end of all is at %d ns", at)
	}
}

// drawIntensity makes an intensity with holes, peaks and episodes.
func drawIntensity(t *rapid.T) (v *Intensity, seconds int64) {
	weights := [168]float64(rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.1, 1, 1, 1000}), 168, 168).Draw(t, "weights"))
	weights[rapid.IntRange(0, 167).Draw(t, "busy hour")] = 1
	seconds = rapid.Int64Range(1, 60*86400).Draw(t, "seconds")
	var episodes []Episode
	for range rapid.IntRange(0, 5).Draw(t, "episodes") {
		from := rapid.Int64Range(0, seconds*second).Draw(t, "from")
		until := from + rapid.Int64Range(0, 5*86400*second).Draw(t, "lasting")
		episodes = append(episodes, Episode{from, until, rapid.SampledFrom([]float64{0, 0.5, 3, 1e6}).Draw(t, "factor")})
	}
	zone := rapid.Int64Range(-14*3600, 14*3600).Draw(t, "zone")
	start := rapid.Int64Range(-1e10, 1e10).Draw(t, "start")
	return must(NewIntensity(weights, zone, start, seconds, episodes)), seconds
}

func TestNextInvertsTheIntegral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, seconds := drawIntensity(t)
		now := rapid.Int64Range(0, seconds*second-1).Draw(t, "now")
		units := rapid.Float64Range(0, 1).Draw(t, "share") * v.total
		at, ok := v.Next(now, units)
		grown := v.Until(at) - v.Until(now)
		if !ok {
			if left := v.total - v.Until(now); left > units*(1+1e-12)+1e-6 {
				t.Fatalf("%g units are left after %d ns, but Next finds no end of %g", left, now, units)
			}
			return
		}
		// What a nanosecond adds is lost to rounding, and so is the last place of the integral.
		if tolerance := 2e-9*v.at(at) + 1e-14*v.total; math.Abs(grown-units) > tolerance {
			t.Fatalf("from %d to %d ns the integral grows by %g, want %g", now, at, grown, units)
		}
		if at < now || at >= seconds*second {
			t.Fatalf("Next(%d, %g) is %d", now, units, at)
		}
	})
}

func TestNextIsMonotoneAndAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, seconds := drawIntensity(t)
		now := rapid.Int64Range(0, seconds*second-1).Draw(t, "now")
		a := rapid.Float64Range(0, 0.3).Draw(t, "a") * v.total
		b := rapid.Float64Range(0, 0.3).Draw(t, "b") * v.total
		first, ok := v.Next(now, a)
		if !ok {
			return
		}
		second, ok2 := v.Next(first, b)
		both, ok3 := v.Next(now, a+b)
		if ok2 && ok3 {
			// Each of the three instants is rounded to a nanosecond of its own.
			tolerance := 2e-9*(v.at(both)+v.at(second)+v.at(first)+v.at(first-1)) + 1e-13*v.total
			if gap := math.Abs(v.Until(both) - v.Until(second)); gap > tolerance {
				t.Fatalf("%g and then %g lead to %d, together they lead to %d", a, b, second, both)
			}
		}
		if ok3 && both < first {
			t.Fatalf("%g more units lead back from %d to %d", b, first, both)
		}
	})
}

// The slow twin adds up the integral second by second.
func TestUntilAgreesWithASumOverSeconds(t *testing.T) {
	v := must(NewIntensity(evenings(), 1234, 1_700_000_123, 9*86400, []Episode{{3600 * second, 7200 * second, 7}, {100_000 * second, 200_000 * second, 0.01}}))
	sum := 0.0
	for at := range int64(9 * 86400) {
		if math.Abs(v.Until(at*second)-sum) > 1e-5 {
			t.Fatalf("up to %d s the integral is %g, want %g", at, v.Until(at*second), sum)
		}
		sum += v.at(at * second)
	}
	if math.Abs(v.total-sum) > 1e-5 {
		t.Errorf("the integral is %g in all, want %g", v.total, sum)
	}
}

// Arrivals with exponential draws have to be a Poisson process: counts by hour of the day in proportion to the weights.
func TestArrivalsFollowTheWeights(t *testing.T) {
	v := must(NewIntensity(evenings(), 0, 345600, 52*604800, nil))
	stream, counts, expected := NewStream(1, "regular", Sending), make([]int, 24), make([]float64, 24)
	draw, at, ok := must(Exponential(600)), int64(0), true
	for n := uint64(0); ; n++ {
		if at, ok = v.Next(at, draw.Draw(stream.Uniform(n))); !ok {
			break
		}
		counts[at/hour%24]++
	}
	for h := range expected {
		expected[h] = v.at(int64(h)*hour) * 3600 / 600 * 364
	}
	checkChiSquare(t, "arrivals by hour", counts, expected...)
}

func TestIntensityOfLongRuns(t *testing.T) {
	v := must(NewIntensity(evenings(), 0, 0, 15*365*86400, nil))
	at, ok := v.Next(0, 10*365*86400)
	if want := int64(10 * 365 * 86400); !ok || math.Abs(float64(at/second-want)) > 86400 {
		t.Errorf("ten years of units end at %d s", at/second)
	}
}

func TestIntensityRefuses(t *testing.T) {
	weights := always()
	weights[5] = -1
	for name, f := range map[string]func() (*Intensity, error){
		"a negative weight":     func() (*Intensity, error) { return NewIntensity(weights, 0, 0, 100, nil) },
		"no weights":            func() (*Intensity, error) { return NewIntensity([168]float64{}, 0, 0, 100, nil) },
		"a weight of NaN":       func() (*Intensity, error) { return NewIntensity([168]float64{math.NaN()}, 0, 0, 100, nil) },
		"no duration":           func() (*Intensity, error) { return NewIntensity(always(), 0, 0, 0, nil) },
		"a duration of ages":    func() (*Intensity, error) { return NewIntensity(always(), 0, 0, 1e10, nil) },
		"a negative factor":     func() (*Intensity, error) { return NewIntensity(always(), 0, 0, 9, []Episode{{0, 1, -1}}) },
		"a factor of NaN":       func() (*Intensity, error) { return NewIntensity(always(), 0, 0, 9, []Episode{{0, 1, math.NaN()}}) },
		"a factor beyond sense": func() (*Intensity, error) { return NewIntensity(always(), 0, 0, 9, []Episode{{0, 1, 1e-308}}) },
	} {
		if _, err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	for _, weeks := range []int64{1, 13, 52} {
		b.Run(fmt.Sprintf("weeks=%d", weeks), func(b *testing.B) {
			v := must(NewIntensity(evenings(), 0, 1_700_000_000, weeks*604800, nil))
			stream, draw := NewStream(1, "regular", Sending), must(Exponential(302400))
			n, now := uint64(0), int64(0)
			for b.Loop() {
				v.Next(now, draw.Draw(stream.Uniform(n)))
				n++
				now = (now + 7*second) % (weeks * 604800 * second)
			}
		})
	}
}

// at returns the intensity at an instant of the run: 1 is the mean of a week without episodes.
func (v *Intensity) at(now int64) float64 { return float64(v.find(v.within(now)).rate * second) }
