// Package reports turns report files into documents. A file (front matter, headings, SQL blocks, prose) is read into a
// Definition; Plan gives its queries as values; Compose makes a document of the rows they return. The package knows no
// database, no mail and no clock.
package reports

import (
	"maps"
	"slices"
	"strings"
	"time"

	"secretariat/programme"
)

// Definition is a report file, with its overlays by language.
type Definition struct {
	Name         string
	File         string         // of the definition, as faults name it
	Title        programme.Text // by language
	Languages    []string       // the first one is that of the file itself
	Timezone     string         // "" for the programme's
	Period       Period
	First        Period        // of a report that goes on from the last one, when there is none
	SendIf       []string      // blocks of which one must have rows; nil: always sent
	Note         bool          // where nothing is sent the readers get a note
	Review       time.Duration // for how long a draft waits for its owner's look before it is released by itself; 0: not at all
	Owner        string        // address of who is told when the report is held; "" for the secretary
	Attach       []string      // formats: pdf, xlsx, csv
	Inline       []string      // ids of the sections that the letter shows
	Ceiling      string        // the highest level of a rendering: public or limited
	Sections     []*Section
	Hash         [32]byte // of the file and its overlays
	recipients   string   // name of the query
	subject      map[string]*text
	params       map[string]string // declared, with their defaults
	overlays     map[string]*overlay
	labels       labels
	blocks       map[string]*Block // by name
	order        []*Block          // as they stand in the file
	position     map[string]place  // of the keys of the front matter
	listed       map[string][]word // of send and inline
	topSubtitles map[string]*text
}

// Section is a heading with what follows up to the next one. The section before the first heading has no id.
type Section struct {
	ID    string
	Level int // 1 for "#", the title of the report
	Title *text
	Aside *text // what stands behind a "|" in the heading; nil for none
	Parts []Part
	place place
}

// Part is a run of prose or a block.
type Part struct {
	Prose *text
	Block *Block
}

// Block is a fenced block: a query and how it is shown, or the changes of tracked blocks.
type Block struct {
	Name    string
	Kind    string // sql or changes
	As      string
	SQL     string
	Key     []string
	Columns []columnSpec // of @cols; nil: all columns, as their types say
	Options map[string]string
	place   place            // of the opening fence
	sql     place            // of the first line of the SQL
	options map[string]place // of each option
	values  map[string]place // of what stands behind its equals sign
	keyAt   []place          // of each column of Key
}

// place is a position in a file; lines and columns count from 1.
type place struct {
	file         string
	line, column int
}

// word is a name in a list, with its place.
type word struct {
	text  string
	place place
}

func (p place) fault(text string) Fault { return Fault{p.file, p.line, p.column, text} }

// lastLine is the line of the closing fence.
func (b *Block) lastLine() int { return b.sql.line + strings.Count(b.SQL, "\n") + 1 }

// Recipient columns that the program itself understands; all of them are parameters too.
const (
	columnEmail     = "email"
	columnName      = "name"
	columnLanguage  = "lang"
	columnTimezone  = "timezone"
	columnPerson    = "person"
	columnClearance = "clearance"
)

// Block returns a block by its name, nil when there is none.
func (d *Definition) Block(name string) *Block { return d.blocks[name] }

// ParameterNames are the parameters that the file declares beside those of every report, in alphabetical order.
func (d *Definition) ParameterNames() []string { return slices.Sorted(maps.Keys(d.params)) }

// HasRecipients says whether the definition asks for readers at all: without a recipients query it can only be made on demand.
func (d *Definition) HasRecipients() bool { return d.recipients != "" }

// Language returns the language in which the report is set for a reader of the given one: that, or the file's own.
func (d *Definition) Language(wanted string) string {
	for _, l := range d.Languages {
		if l == wanted {
			return l
		}
	}
	return d.Languages[0]
}
