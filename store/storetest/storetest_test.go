package storetest

import "testing"

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		b.StartTimer()
		New(b)
	}
}
func TestA(t *testing.T) { for i:=0;i<5;i++ { t.Run("x", func(t *testing.T){ New(t)}) } }
