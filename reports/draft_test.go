package reports

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"secretariat/reports/document"
)

// everyBlock is one block of each kind.
var everyBlock = []document.Block{document.Paragraph{}, document.List{}, document.Note{}, document.Tiles{}, document.Table{}, document.Bars{},
	document.Stacked{}, document.Bullet{}, document.Donut{}, document.Timeline{}, document.Line{}, document.Heat{}, document.Cards{},
	document.Columns{}, document.PageBreak{}}

// What was looked at is what is sent: every field of every kind of block is after its storage what it was before, in a draft
// and in the body of a letter; full fields, zeros behind pointers, and numbers that are none.
func TestDraftAndLetterKeepEveryBlock(t *testing.T) {
	var kinds []string
	for _, b := range everyBlock {
		kinds = append(kinds, reflect.TypeOf(b).Name())
	}
	declared := declaredBlocks(t)
	if slices.Sort(kinds); !slices.Equal(kinds, declared) {
		t.Fatalf("this test knows the kinds %v, package document declares %v", kinds, declared)
	}
	for name, number := range map[string]float64{"full": 0.5, "zero": 0, "infinite": math.Inf(-1)} {
		var blocks []document.Block
		for _, b := range everyBlock {
			v := reflect.New(reflect.TypeOf(b)).Elem()
			fill(v, number, 3)
			blocks = append(blocks, v.Interface().(document.Block))
		}
		doc := document.Document{Sections: []document.Section{{ID: "s", Title: "S", Level: 1, Blocks: blocks}}}
		fill(reflect.ValueOf(&doc.Meta).Elem(), number, 3)
		for i, one := range blocks {
			if reflect.DeepEqual(one, everyBlock[i]) && reflect.TypeOf(one).NumField() > 0 {
				t.Errorf("%s: %T is empty", name, one)
			}
		}
		first, err := Draft{Document: doc}.Encode()
		second, err2 := Draft{Document: doc}.Encode()
		if err != nil || err2 != nil || string(first) != string(second) {
			t.Fatalf("%s: two encodings differ, %v, %v", name, err, err2)
		}
		back, err := DecodeDraft(first)
		if err != nil || !reflect.DeepEqual(back.Document.Meta, doc.Meta) || len(back.Document.Sections) != 1 || len(back.Document.Sections[0].Blocks) != len(blocks) {
			t.Fatalf("%s: %v, got %+v", name, err, back.Document)
		}
		b, err := Letter{Subject: "s", Title: "t", Language: "ar", Mark: "m", Cover: blocks}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		letter, err := DecodeLetter(b)
		if err != nil || letter.Subject != "s" || letter.Title != "t" || letter.Language != "ar" || letter.Mark != "m" || len(letter.Cover) != len(blocks) {
			t.Fatalf("%s: %v, got %+v", name, err, letter)
		}
		for i, want := range blocks {
			if got := back.Document.Sections[0].Blocks[i]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s, draft:\n got %+v\nwant %+v", name, got, want)
			}
			if got := letter.Cover[i]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s, letter:\n got %+v\nwant %+v", name, got, want)
			}
		}
	}
	if _, err := DecodeDraft([]byte("no draft")); err == nil {
		t.Error("bytes that are no draft are read")
	}
}

// declaredBlocks are the types that package document makes blocks, as its source has them.
func declaredBlocks(t *testing.T) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "document/document.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == "block" {
			names = append(names, f.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	slices.Sort(names)
	return names
}

// fill gives every field a value; floats that behind a pointer, in a slice or by themselves are number.
func fill(v reflect.Value, number float64, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("text — نص 文")
	case reflect.Int, reflect.Int64:
		v.SetInt(2)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(number)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		if number != 0 { // else it points to zeros
			fill(v.Elem(), number, depth)
		}
	case reflect.Interface: // a block within columns
		if depth > 0 {
			inner := reflect.New(reflect.TypeOf(document.Table{})).Elem()
			fill(inner, number, depth-1)
			v.Set(inner)
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		}
		for i := range v.Len() {
			fill(v.Index(i), number, depth)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeOf(time.Time{}) {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), number, depth)
		}
	}
}
