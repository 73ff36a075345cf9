package mail

import (
	"bufio"
	"bytes"
	"net/textproto"
	"testing"

	"pgregory.net/rapid"
)

// TestDottedAgainstTheLibrary: letters in pieces of any length are what net/textproto makes of them, up to where they are cut.
func TestDottedAgainstTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.StringOf(rapid.SampledFrom([]rune(".a")))).Draw(t, "pieces")
		breaks := rapid.SliceOfN(rapid.Bool(), len(pieces), len(pieces)).Draw(t, "breaks")
		var got, want, whole bytes.Buffer
		for i, piece := range pieces {
			if breaks[i] {
				pieces[i] = piece + "\r\n"
			}
			whole.WriteString(pieces[i])
		}
		whole.WriteString("\r\n")
		out := bufio.NewWriterSize(&got, 16)
		d := &dotted{w: out, left: int64(whole.Len() - 2), begun: true}
		for _, piece := range append(pieces, "\r\n") {
			if n, err := d.Write([]byte(piece)); n != len(piece) || err != nil {
				t.Fatalf("wrote %d of %d octets: %v", n, len(piece), err)
			}
		}
		out.Flush()
		got.WriteString("\r\n.\r\n")
		peer := textproto.NewWriter(bufio.NewWriter(&want)).DotWriter()
		peer.Write(whole.Bytes())
		peer.Close()
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Fatalf("%q became %q, want %q", whole.Bytes(), got.Bytes(), want.Bytes())
		}
	})
}
