package pdf

import (
	"math"
	"strings"
	"sync"

	"secretariat/reports/typeset"
)

// xmp writes the metadata packet. It says what the Info dictionary says; it claims no standard, since no validator has
// passed the file.
func xmp(i typeset.Info) []byte {
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` + "\n")
	entry := func(open, value, end string) {
		if value != "" {
			b.WriteString(open + escapeXML(value) + end + "\n")
		}
	}
	b.WriteString("<dc:format>application/pdf</dc:format>\n")
	entry(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">`, i.Title, "</rdf:li></rdf:Alt></dc:title>")
	entry("<dc:creator><rdf:Seq><rdf:li>", i.Author, "</rdf:li></rdf:Seq></dc:creator>")
	entry(`<dc:description><rdf:Alt><rdf:li xml:lang="x-default">`, i.Subject, "</rdf:li></rdf:Alt></dc:description>")
	entry("<dc:language><rdf:Bag><rdf:li>", i.Language, "</rdf:li></rdf:Bag></dc:language>")
	entry("<pdf:Producer>", producer, "</pdf:Producer>")
	entry("<xmp:CreatorTool>", creator, "</xmp:CreatorTool>")
	if !i.Created.IsZero() {
		moment := i.Created.UTC().Format("2006-01-02T15:04:05Z")
		entry("<xmp:CreateDate>", moment, "</xmp:CreateDate>")
		entry("<xmp:ModifyDate>", moment, "</xmp:ModifyDate>")
		entry("<xmp:MetadataDate>", moment, "</xmp:MetadataDate>")
	}
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return []byte(b.String())
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escapeXML escapes markup.
func escapeXML(s string) string { return markup.Replace(cleanText(s)) }

// cleanText makes one line of valid text of a metadata value, without what XML 1.0 cannot hold.
func cleanText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r < ' ' || r == 0x7F || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// sRGB is an ICC profile of the colour space of IEC 61966-2-1, version 4.2, computed here, so that no licence goes with it.
// The colorants are the primaries of sRGB adapted to D50 with the Bradford matrix, as ICC.1:2004-10 asks.
var sRGB = sync.OnceValue(func() []byte {
	text := func(s string) []byte { // multiLocalizedUnicodeType
		b := append([]byte("mluc\x00\x00\x00\x00"), 0, 0, 0, 1, 0, 0, 0, 12, 'e', 'n', 'U', 'S')
		b = be.AppendUint32(be.AppendUint32(b, uint32(2*len(s))), 28)
		for _, c := range s {
			b = be.AppendUint16(b, uint16(c))
		}
		return b
	}
	numbers := func(kind string, values ...float64) []byte { // s15Fixed16
		b := []byte(kind + "\x00\x00\x00\x00")
		for _, v := range values {
			b = be.AppendUint32(b, uint32(int32(math.Round(v*65536))))
		}
		return b
	}
	curve := numbers("para", 0, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	be.PutUint16(curve[8:], 3) // the function type, two bytes and two reserved, stands where a number was put
	be.PutUint16(curve[10:], 0)
	tags := []table{
		{"desc", text("sRGB")}, {"cprt", text("No copyright, use freely")},
		{"wtpt", numbers("XYZ ", 0.9642, 1, 0.8249)},
		{"chad", numbers("sf32", 1.047882, 0.022919, -0.050201, 0.029587, 0.990479, -0.017059, -0.009232, 0.015076, 0.751678)},
		{"rXYZ", numbers("XYZ ", 0.436066, 0.222488, 0.013916)},
		{"gXYZ", numbers("XYZ ", 0.385147, 0.716873, 0.097076)},
		{"bXYZ", numbers("XYZ ", 0.143066, 0.060608, 0.714096)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	return writeProfile(tags)
})

// writeProfile writes header, tag table and tag data; tags with the same data share them.
func writeProfile(tags []table) []byte {
	head := make([]byte, 128)
	be.PutUint32(head[8:], 0x04200000)
	copy(head[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{2026, 1, 1, 0, 0, 0} {
		be.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	copy(head[68:], []byte{0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D}) // D50
	out := be.AppendUint32(head, uint32(len(tags)))
	var data []byte
	places := map[string]int{}
	start := len(out) + 12*len(tags)
	for _, t := range tags {
		at, ok := places[string(t.data)]
		if !ok {
			at = start + len(data)
			places[string(t.data)] = at
			data = append(data, t.data...)
			for len(data)%4 != 0 {
				data = append(data, 0)
			}
		}
		out = append(out, t.name...)
		out = be.AppendUint32(be.AppendUint32(out, uint32(at)), uint32(len(t.data)))
	}
	out = append(out, data...)
	be.PutUint32(out, uint32(len(out)))
	return out
}
