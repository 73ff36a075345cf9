package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// command runs one command line with an environment and returns what it printed and its exit code.
func command(t *testing.T, env map[string]string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, func(k string) string { return env[k] }, streams{strings.NewReader(""), &out, &errs})
	text := errs.String()
	if !strings.HasPrefix(out.String(), "%PDF-") { // whose compressed parts may hold anything
		text += out.String()
	}
	if strings.Contains(text, "%!") {
		t.Errorf("%v: a format that does not fit its values: %s", args, text)
	}
	return out.String(), errs.String(), code
}

func TestOptionSources(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.yaml")
	write(t, file, "listen: 127.0.0.1:1000\nfrom: File <file@x.example>\nlog-level: warn\n")
	env := map[string]string{"SECRETARIAT_FROM": "Env <env@x.example>", "HOME": "/home/x"}
	out, errs, code := command(t, env, "config", "--config", file, "--log-level", "error")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, row := range []struct{ pattern, why string }{
		{`(?m)^log-level +error +flag --log-level$`, "a flag goes before the file"},
		{`(?m)^from +Env <env@x\.example> +environment SECRETARIAT_FROM$`, "the environment goes before the file"},
		{`(?m)^listen +127\.0\.0\.1:1000 +file `, "the file goes before the default"},
		{`(?m)^log-format +text +default$`, "the default comes last"},
	} {
		if !regexp.MustCompile(row.pattern).MatchString(out) {
			t.Errorf("%s: no line matches %s in\n%s", row.why, row.pattern, out)
		}
	}
}

func TestOptionFaults(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, "\n")
	typo := filepath.Join(t.TempDir(), "typo.yaml")
	write(t, typo, "smpt-url: smtp://x\n")
	for _, row := range []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"port out of range", nil, []string{"--listen", "127.0.0.1:70000"}, `option listen (from flag --listen): port "70000"`},
		{"sender with line break", map[string]string{"SECRETARIAT_FROM": "a@b.example\r\nBcc: c@d.example"}, nil, "option from (from environment SECRETARIAT_FROM): it has a line break"},
		{"list of senders", nil, []string{"--from", "a@b.example, c@d.example"}, "is not one address"},
		{"public address without scheme", nil, []string{"--public-url", "secretariat.example"}, "option public-url"},
		{"script address", nil, []string{"--public-url", "javascript:alert(1)"}, "option public-url"},
		{"plain http to others", nil, []string{"--public-url", "http://secretariat.example"}, "use https"},
		{"two ways to log in", map[string]string{"SECRETARIAT_SMTP_PASSWORD": "canary"}, []string{"--smtp-token-file", typo}, "options smtp-password and smtp-token-file: a login takes one of them"},
		{"empty secret file", map[string]string{"SECRETARIAT_SMTP_PASSWORD_FILE": secret}, nil, "is empty"},
		{"missing configuration file", nil, []string{"--config", "/nonexistent.yaml"}, "/nonexistent.yaml"},
		{"unknown key", nil, []string{"--config", typo}, `unknown option "smpt-url"; did you mean "smtp-url"?`},
		{"unknown log level", nil, []string{"--log-level", "loud"}, "not one of debug, info, warn, error"},
		{"a length of time without unit", nil, []string{"--lease", "90"}, `option lease (from flag --lease): "90" is not a length of time`},
		{"a lease shorter than the conversation", nil, []string{"--lease", "10s"}, "10s is shorter than two steps of the conversation (smtp-timeout 1m0s)"},
		{"a quiet period shorter than a step", nil, []string{"--quiet-period", "5s"}, "option quiet-period (from flag --quiet-period): 5s is shorter"},
		{"no crash at all", nil, []string{"--crash-limit", "0"}, `option crash-limit (from flag --crash-limit): "0" is not a whole number`},
		{"a journal that is not there", nil, []string{"--journal", "/nonexistent"}, "option journal"},
		{"too many connections", nil, []string{"--smtp-connections", "17"}, "option smtp-connections (from flag --smtp-connections): 17; at most 16"},
		{"a rate below nothing", nil, []string{"--smtp-rate", "-1"}, "not a whole number from 0 on"},
		{"a domain's rate without the general one", nil, []string{"--smtp-domain-rate", "example.org=10"}, "not of the form 60 or 60,example.org=10"},
		{"a mailbox without TLS", nil, []string{"--inbox", "imap://u:canary@mx.example"}, "neither a Maildir nor an address such as imaps://"},
		{"a return path that nobody reads", nil, []string{"--return-path", "bounces@isrs.example"}, "nobody would read"},
		{"a certificate without its key", nil, []string{"--smime-certificate", typo}, "go together"},
		{"unknown flag", nil, []string{"--lisen", "x"}, "unknown flag: --lisen"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, errs, code := command(t, row.env, append([]string{"config"}, row.args...)...)
			if code != exitUse || !strings.Contains(errs, row.want) || !strings.HasPrefix(errs, "error: ") {
				t.Errorf("exit %d, stderr %q; want exit 2 and %q", code, errs, row.want)
			}
		})
	}
}

// Several faults are told at once, so that an operator mends them in one go.
func TestAllFaultsAtOnce(t *testing.T) {
	_, errs, _ := command(t, nil, "config", "--listen", "nowhere", "--log-format", "xml")
	if strings.Count(errs, "error: ") != 2 {
		t.Errorf("want two errors, got %q", errs)
	}
}

func TestSecretsStayHidden(t *testing.T) {
	env := map[string]string{"DATABASE_URL": "postgres://u:canary@h/d", "SECRETARIAT_SMTP_PASSWORD": "canary"}
	for _, args := range [][]string{{"config"}, {"config", "--json"}, {"config", "--smtp-url", "http://u:canary@relay"}} {
		out, errs, _ := command(t, env, args...)
		if strings.Contains(out+errs, "canary") {
			t.Errorf("%v shows a secret: %s%s", args, out, errs)
		}
	}
}

// The table of the README is the table of the program.
func TestReadmeOptions(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "by a test -->\n")
	table, _, ok := strings.Cut(rest, "<!-- /options -->")
	if want := optionsMarkdown(); !ok || table != want {
		t.Errorf("the options table of README.md should be\n%s\ngot\n%s", want, table)
	}
}

func optionsMarkdown() string {
	var b strings.Builder
	b.WriteString("| option | environment | default | meaning |\n|---|---|---|---|\n")
	for _, o := range optionTable {
		def := ""
		if o.def != "" {
			def = "`" + o.def + "`"
		}
		b.WriteString("| `--" + o.name + "` | `" + o.env + "` | " + def + " | " + o.help + " |\n")
	}
	return b.String()
}

func TestUnknownCommands(t *testing.T) {
	for _, row := range []struct {
		args []string
		want string
	}{
		{[]string{"shedules"}, `did you mean "schedules"?`},
		{[]string{"schedules", "nxt"}, `did you mean "next"?`},
		{[]string{"schedules"}, "needs a command"},
		{[]string{"version", "extra"}, "unknown command"},
	} {
		_, errs, code := command(t, nil, row.args...)
		if code != exitUse || !strings.Contains(errs, row.want) {
			t.Errorf("%v: exit %d, stderr %q; want exit 2 and %q", row.args, code, errs, row.want)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
