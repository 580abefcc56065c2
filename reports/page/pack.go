package page

import (
	"math"
	"strings"
)

// packed is a list of numbers as short text: each one times Scale, rounded, and written as the difference from the one before. A
// difference is a number of base 32, the lowest digit first, in the letters of base64: each digit but the last has 32 added, and the lowest
// bit of all is the sign. An exclamation mark and a number stand for so many differences of nothing.
type packed struct {
	Count int     `json:"count"`
	Scale float64 `json:"scale"`
	Text  string  `json:"text"`
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// fewZeros is up to how many differences of nothing are written one by one.
const fewZeros = 2

func pack(values []float64) packed {
	p := packed{Count: len(values), Scale: scaleOf(values)}
	var b strings.Builder
	before, zeros := int64(0), uint64(0)
	flush := func() {
		if zeros > fewZeros {
			b.WriteByte('!')
			writeNumber(&b, zeros)
		} else {
			b.WriteString(strings.Repeat(letters[:1], int(zeros)))
		}
		zeros = 0
	}
	for _, value := range values {
		n := int64(math.Round(value * p.Scale))
		difference := n - before
		before = n
		if difference == 0 {
			zeros++
			continue
		}
		flush()
		if difference < 0 {
			writeNumber(&b, uint64(-difference)<<1|1)
		} else {
			writeNumber(&b, uint64(difference)<<1)
		}
	}
	flush()
	p.Text = b.String()
	return p
}

func writeNumber(b *strings.Builder, n uint64) {
	for n >= 32 {
		b.WriteByte(letters[n&31|32])
		n >>= 5
	}
	b.WriteByte(letters[n])
}

// scaleOf returns 1 for whole numbers, and otherwise the power of ten that keeps about six digits of the greatest.
func scaleOf(values []float64) float64 {
	whole, most := true, 0.0
	for _, value := range values {
		whole = whole && value == math.Trunc(value)
		most = max(most, math.Abs(value))
	}
	if whole {
		return 1
	}
	scale := 1.0
	for scale < 1e9 && most*scale < 1e5 {
		scale *= 10
	}
	return scale
}
