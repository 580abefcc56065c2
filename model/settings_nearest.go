package model

import (
	"fmt"
	"strings"
)

// longestGuess bounds the words for which Nearest looks for a neighbour, so that hostile input costs nothing.
const longestGuess = 80

// Nearest returns the candidate that a misspelt word most likely means: the first of those with the least edit distance
// (inserted, dropped, changed and swapped letters, whatever their case), or "" if none is near: more than a third of the word differs.
func Nearest(word string, candidates []string) string {
	if len(word) > longestGuess {
		return ""
	}
	lower := strings.ToLower(word)
	best, bestDistance := "", max(1, len(word)/3)+1
	for _, candidate := range candidates {
		if len(candidate)-len(word) >= bestDistance || len(word)-len(candidate) >= bestDistance {
			continue
		}
		distance := editDistance(lower, strings.ToLower(candidate))
		if distance < bestDistance && distance < len(candidate) {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

// DidYouMean returns the end of a message that suggests a word: `, did you mean X?`, or nothing for no word.
func DidYouMean(near string) string {
	if near == "" {
		return ""
	}
	return ", did you mean " + near + "?"
}

// editDistance counts the letters to insert, drop, change, or swap with their neighbour to get from a to b.
func editDistance(a, b string) int {
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			change := previous[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			current[j] = min(change, previous[j]+1, current[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}

// unknownWord is the mistake of a word that is none of the candidates.
func unknownWord(word string, candidates []string) error {
	return fmt.Errorf("found %q, expected one of %s%s", shorten(word), strings.Join(candidates, ", "), DidYouMean(Nearest(word, candidates)))
}

// shorten keeps messages readable when the input is not.
func shorten(text string) string {
	const longest = 60
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}
