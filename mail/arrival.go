package mail

// Arrival is what an oracle says of a letter whose fate was unknown.
type Arrival struct {
	Known    bool // it can tell at all
	Accepted bool
	Word     string // how it knows, for the log of the letter
}
