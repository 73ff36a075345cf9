package store

import (
	"maps"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// A link in a letter opens a page by its token: 26 characters of base 32 behind /r/, /p/, /u/ or /f/ (acts: crypto/rand.Text).
// Elsewhere tokens are kept as hashes only, but a letter is frozen with its links, so that a retry sends the same bytes. So
// its texts are stored masked and the tokens beside them, which the database drops when the letter has ended.
const (
	linkDoors = "rpuf"
	tokenLen  = 26
	mask      = "…"
)

// masked returns the delivery as it is stored: with its tokens in Links, in the order of text, HTML, header fields by name.
func (d Delivery) masked() Delivery {
	tokens := pq.StringArray{}
	d = d.withTokens(func(token string) string {
		tokens = append(tokens, token)
		return mask
	})
	d.Links = tokens
	return d
}

// whole returns a stored delivery with the tokens that it still has in their places.
func (d Delivery) whole() Delivery {
	tokens := d.Links
	if d.Links = nil; len(tokens) == 0 {
		return d
	}
	return d.withTokens(func(token string) string {
		if len(tokens) > 0 {
			token, tokens = tokens[0], tokens[1:]
		}
		return token
	})
}

// withTokens returns the delivery with another token for each.
func (d Delivery) withTokens(other func(token string) string) Delivery {
	d.BodyText, d.BodyHTML = replaceTokens(d.BodyText, other), replaceTokens(d.BodyHTML, other)
	d.Headers = maps.Clone(d.Headers)
	for _, name := range slices.Sorted(maps.Keys(d.Headers)) {
		d.Headers[name] = replaceTokens(d.Headers[name], other)
	}
	return d
}

// replaceTokens returns a text with another token for each, or for each mask. A mask that the text had before it was masked
// counts too: so those of a masked text are exactly as many as its tokens.
func replaceTokens(s string, other func(token string) string) string {
	var b strings.Builder
	done := 0
	for i := 0; i+3 < len(s); i++ {
		n := strings.IndexByte(s[i:], '/')
		if n < 0 {
			break
		}
		if i += n; i+3 >= len(s) || s[i+2] != '/' || !strings.Contains(linkDoors, s[i+1:i+2]) {
			continue
		}
		length := leadingToken(s[i+3:])
		if length == 0 {
			continue
		}
		b.WriteString(s[done : i+3])
		b.WriteString(other(s[i+3 : i+3+length]))
		done = i + 3 + length
		i = done - 1
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// leadingToken returns the length of the token or mask that a text begins with, 0 for none.
func leadingToken(s string) int {
	if strings.HasPrefix(s, mask) {
		return len(mask)
	}
	if len(s) < tokenLen {
		return 0
	}
	for i := range tokenLen {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return 0
		}
	}
	return tokenLen
}

// wholeAll returns stored deliveries with their tokens in their places.
func wholeAll(list []Delivery) []Delivery {
	for i := range list {
		list[i] = list[i].whole()
	}
	return list
}
