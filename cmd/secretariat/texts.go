package main

import (
	"context"
	"slices"
	"strings"

	"secretariat/locale"
	"secretariat/programme"
)

// localText reads texts of the command line: "uz=Matn" is a text in that language, a text without a language is in the
// programme's first.
func (a *app) localText(ctx context.Context, h *house, option string, given []string) (programme.Text, error) {
	text := programme.Text{}
	for _, one := range given {
		language, words, marked := strings.Cut(one, "=")
		if !marked || !slices.Contains(locale.Languages, language) {
			first, err := a.firstLanguage(ctx, h)
			if err != nil {
				return nil, err
			}
			language, words = first, one
		}
		if words = strings.TrimSpace(words); words == "" {
			return nil, badUse("", "%s is empty", option)
		}
		if text[language] != "" {
			return nil, badUse("give each language once, e.g. "+option+` "Text" `+option+` "ru=Текст"`, "%s is given twice in %q", option, language)
		}
		text[language] = words
	}
	return text, nil
}
