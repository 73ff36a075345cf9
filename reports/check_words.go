package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"secretariat/locale"
)

// words checks that each label of the file belongs to something that it shows: a head of a column, a word of a block, a word of a
// value, a text that `t` asks for. A label with a slip of the pen would be passed over, and its place show the name of the column.
func (c *checker) words() {
	known := c.labelKeys()
	for _, key := range slices.Sorted(maps.Keys(c.d.labels)) {
		if known == nil || known[key] || c.said[key] || c.computed {
			continue
		}
		if i := strings.LastIndex(key, "."); i > 0 && (c.wordPrefixes()[key[:i]] || c.inQueries(":"+key[:i+1])) {
			continue
		}
		c.fault(c.d.labels[key].place, fmt.Sprintf("label %q names nothing that is shown%s", key, didYouMean(key, slices.Sorted(maps.Keys(known)))))
	}
}

// labelKeys are the keys that labels may have; nil where a block could not be described, so that they are not known.
func (c *checker) labelKeys() map[string]bool {
	known := map[string]bool{}
	for _, b := range c.d.order {
		columns, ok := c.columns[b.Name]
		if !ok {
			return nil
		}
		names := slices.Concat(columns, blockLabels)
		if b.Kind == "changes" {
			for _, one := range b.list("of") {
				names = append(names, one.text)
			}
		}
		for _, name := range names {
			known[b.Name+"."+name] = true
			known[b.Name+"."+name+".cell"] = true
			known[b.Name+"."+name+".note"] = true
		}
		for _, name := range columns {
			known[name] = true
		}
	}
	return known
}

// blockLabels are the labels of a block that name no column.
var blockLabels = []string{"if-empty", "caption", "item", "title", "line1", "line2", "line3", "line4", "line5", "stress"}

// wordPrefixes are those by which columns of look word and rag find their words.
func (c *checker) wordPrefixes() map[string]bool {
	prefixes := map[string]bool{}
	for _, b := range c.d.order {
		for _, spec := range b.Columns {
			if spec.Word != "" {
				prefixes[spec.Word] = true
			}
		}
	}
	return prefixes
}

// inQueries tells that a query writes the words: a state may come as "green:payment.state.done".
func (c *checker) inQueries(words string) bool {
	return slices.ContainsFunc(c.d.order, func(b *Block) bool { return strings.Contains(b.SQL, words) })
}

// wordLook refuses a prefix under which neither the catalogue nor the file has a word: the value itself would be shown.
func (c *checker) wordLook(b *Block, spec columnSpec) {
	if spec.Word == "" || catalogue().HasAny(spec.Word+".") {
		return
	}
	for key := range c.d.labels {
		if strings.HasPrefix(key, spec.Word+".") {
			return
		}
	}
	c.fault(spec.place, fmt.Sprintf("block %q: word=%s: neither the catalogue nor a label has a word of that name%s", b.Name, spec.Word, didYouMean(spec.Word, catalogue().Groups())))
}

// translated refuses a text that neither a label nor the catalogue has.
func (c *checker) translated(id string) (what string, ok bool) {
	c.said[id] = true
	if c.d.labels[id] != nil || catalogue().Has(id) {
		return "", true
	}
	return fmt.Sprintf("t %q: no label and no text of the catalogue%s", id, didYouMean(id, catalogue().IDs())), false
}

// catalogue is that of English: the same ids stand in all languages.
func catalogue() *locale.Locale { return locale.For("en") }
