package pdf

import (
	"crypto/md5"
	"fmt"
	"path"
	"slices"
	"strings"

	"secretariat/reports/typeset"
)

// embedded is an entry of the name tree of embedded files.
type embedded struct {
	name string
	id   int
}

// writeFiles embeds the files as the data behind the report (AFRelationship Data, ISO 32000-2, 14.13) and returns them in
// the order of the name tree. A name that stands twice gets a number.
func (f *finisher) writeFiles() []embedded {
	byName := map[string]typeset.File{}
	var names []string
	for _, file := range f.layout.Files {
		name := file.Name
		for n := 2; ; n++ {
			if _, taken := byName[name]; !taken {
				break
			}
			ext := path.Ext(file.Name)
			name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(file.Name, ext), n, ext)
		}
		byName[name] = file
		names = append(names, name)
	}
	ids := map[string]int{}
	for _, name := range names {
		ids[name] = f.writeFile(name, byName[name])
	}
	var out []embedded
	for _, e := range sortedNames(names) {
		out = append(out, embedded{e.name, ids[e.name]})
	}
	return slices.Clip(out)
}

func (f *finisher) writeFile(name string, file typeset.File) int {
	data, spec := f.reserve(), f.reserve()
	var d syntax
	d.raw("/Type /EmbeddedFile")
	if file.Type != "" {
		d.raw(" /Subtype ").name(file.Type)
	}
	sum := md5.Sum(file.Bytes) // the format asks for MD5
	d.raw(" /Params <</Size ").int(len(file.Bytes)).raw(" /CheckSum ").hex(sum[:])
	if created := f.layout.Info.Created; !created.IsZero() {
		d.raw(" /CreationDate ").date(created).raw(" /ModDate ").date(created)
	}
	f.stream(data, string(d.raw(">>").b), file.Bytes, bestSpeed)
	o := f.object(spec).raw("<</Type /Filespec /F ").text(name).raw(" /UF ").text(name)
	if file.Description != "" {
		o.raw(" /Desc ").text(file.Description)
	}
	o.raw(" /AFRelationship /Data /EF <</F ").ref(data).raw(" /UF ").ref(data).raw(">>>>")
	return spec
}
