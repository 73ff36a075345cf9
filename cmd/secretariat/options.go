package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"secretariat/programme"
)

// option is one setting. This table drives the flags, the environment, the configuration file, the README's table and
// the config command.
type option struct {
	name   string // flag and key of the file
	env    string // environment variable; a secret is also read from the file that <env>_FILE names
	def    string
	help   string
	secret bool
	toggle bool // true or false
	common bool // all replicas must have it alike; never a secret
	check  func(string) error
}

var optionTable = []option{
	{name: "dir", env: "SECRETARIAT_DIR", help: "data folder: private database, archive, local Maildir", check: folderToBe},
	{name: "config", env: "SECRETARIAT_CONFIG", help: "YAML file with these options by name"},
	{name: "templates", env: "SECRETARIAT_TEMPLATES", help: "folder whose reports, letters and texts are added or replace built-in ones by name", check: folder},
	{name: "log-format", env: "SECRETARIAT_LOG_FORMAT", def: "text", help: "text or json", check: oneOf("text", "json")},
	{name: "log-level", env: "SECRETARIAT_LOG_LEVEL", def: "info", help: "debug, info, warn or error", check: oneOf("debug", "info", "warn", "error")},
	{name: "database-url", env: "DATABASE_URL", secret: true, help: "PostgreSQL to use; without it a private one is kept in the data folder", check: postgresURL},
	{name: "report-database-url", env: "REPORT_DATABASE_URL", secret: true, help: "the same database as the reporting login, when migrate could not make it", check: postgresURL},
	{name: "database-plain", env: "SECRETARIAT_DATABASE_PLAIN", def: "false", toggle: true, help: "allow a database on another machine without TLS (sslmode=disable), in a network that you trust", check: oneOf("true", "false")},
	{name: "pg-bin", env: "SECRETARIAT_PG_BIN", help: "folder of the PostgreSQL programs for the private database", check: folder},
	{name: "listen", env: "SECRETARIAT_LISTEN", def: "127.0.0.1:8080", help: "address of the web page and metrics", check: hostPort},
	{name: "public-url", common: true, env: "SECRETARIAT_PUBLIC_URL", help: "address of the web pages as readers reach them, for links in letters", check: webURL},
	{name: "smtp-url", env: "SECRETARIAT_SMTP_URL", secret: true, help: "relay: smtp://user@host:587 (STARTTLS) or smtps://user@host:465; plain text to loopback only", check: smtpURL},
	{name: "smtp-password", env: "SECRETARIAT_SMTP_PASSWORD", secret: true, help: "password of the relay's login"},
	{name: "smtp-token-file", env: "SECRETARIAT_SMTP_TOKEN_FILE", help: "file with the access token of the relay's login, in place of a password (XOAUTH2, OAUTHBEARER); read anew at each login"},
	{name: "smtp-connections", env: "SECRETARIAT_SMTP_CONNECTIONS", def: "4", help: "connections to the relay at a time, at most 16", check: atLeastOne},
	{name: "smtp-rate", common: true, env: "SECRETARIAT_SMTP_RATE", def: "0", help: "letters that may leave in a minute, over all replicas; 0 for any number", check: rate},
	{name: "smtp-domain-rate", common: true, env: "SECRETARIAT_SMTP_DOMAIN_RATE", def: "0", help: "the same to one domain, such as 60 or 60,example.org=10", check: domainRates},
	{name: "smtp-ca", env: "SECRETARIAT_SMTP_CA", help: "PEM file of the authority that signs the relay's certificate", check: readable},
	{name: "smtp-timeout", env: "SECRETARIAT_SMTP_TIMEOUT", def: "1m", help: "how long the relay may take for one step of the conversation", check: span(time.Millisecond, time.Hour)},
	{name: "journal", env: "SECRETARIAT_JOURNAL", help: "Maildir in which the relay keeps a copy of every letter: it is asked about letters whose fate is unknown", check: folder},
	{name: "postfix-log", env: "SECRETARIAT_POSTFIX_LOG", help: "log of a Postfix relay: it is asked about letters whose fate is unknown", check: readable},
	{name: "return-path", common: true, env: "SECRETARIAT_RETURN_PATH", help: "mailbox for notifications about letters that come back; its server must deliver bounces+anything@ to bounces@", check: address},
	{name: "inbox", env: "SECRETARIAT_INBOX", secret: true, help: "where notifications and answers arrive: a Maildir, or imaps://user@host/INBOX", check: inbox},
	{name: "inbox-password", env: "SECRETARIAT_INBOX_PASSWORD", secret: true, help: "password of the inbox's login"},
	{name: "dkim-key", env: "SECRETARIAT_DKIM_KEY", help: "PEM file of the key that signs every letter for the sender's domain (RSA or Ed25519)", check: readable},
	{name: "dkim-selector", common: true, env: "SECRETARIAT_DKIM_SELECTOR", def: "secretariat", help: "name of that key in the DNS: SELECTOR._domainkey.DOMAIN"},
	{name: "smime-certificate", env: "SECRETARIAT_SMIME_CERTIFICATE", help: "PEM file of the sender's certificate, followed by those above it, to sign every letter", check: readable},
	{name: "smime-key", env: "SECRETARIAT_SMIME_KEY", help: "PEM file of its key (RSA)", check: readable},
	{name: "lease", common: true, env: "SECRETARIAT_LEASE", def: "2m", help: "how long a sender owns a letter up to its commit point; at least two steps of the conversation", check: span(time.Millisecond, time.Hour)},
	{name: "quiet-period", common: true, env: "SECRETARIAT_QUIET_PERIOD", def: "10m", help: "after which the relay cannot still be taking in a letter whose connection is gone: not less than its own time-out", check: span(time.Millisecond, 24*time.Hour)},
	{name: "crash-limit", common: true, env: "SECRETARIAT_CRASH_LIMIT", def: "3", help: "a letter in whose hands so many senders died is put aside", check: atLeastOne},
	{name: "from", common: true, env: "SECRETARIAT_FROM", def: "Secretariat <secretariat@localhost>", help: "sender of every letter, organizer of every invitation", check: address},
	{name: "hold", common: true, env: "SECRETARIAT_HOLD", def: "false", toggle: true, help: "plan and build everything, send nothing", check: oneOf("true", "false")},
	{name: "redirect-to", common: true, env: "SECRETARIAT_REDIRECT_TO", help: "every letter goes to this address, the intended recipient in a header", check: address},
}

// setting is an option's value and where it came from: flag, environment, file or default.
type setting struct{ value, source string }

// options are all settings of a run by option name.
type options map[string]setting

func (o options) text(name string) string  { return o[name].value }
func (o options) toggled(name string) bool { return o[name].value == "true" }

// span and number are for options whose check has accepted them.
func (o options) span(name string) time.Duration { d, _ := time.ParseDuration(o[name].value); return d }
func (o options) number(name string) int         { n, _ := strconv.Atoi(o[name].value); return n }

// addOptions makes a persistent flag of every option.
func addOptions(root *cobra.Command) {
	for _, opt := range optionTable {
		if opt.toggle {
			root.PersistentFlags().Bool(opt.name, opt.def == "true", opt.help)
			continue
		}
		root.PersistentFlags().String(opt.name, opt.def, opt.help)
	}
}

// readOptions settles every option: flag, then environment, then file, then default. All faults are reported at once.
func readOptions(cmd *cobra.Command, getenv func(string) string) (options, error) {
	result, faults := options{}, []error(nil)
	for _, opt := range optionTable {
		s, err := opt.outside(cmd, getenv)
		if err != nil {
			faults = append(faults, err)
		}
		result[opt.name] = s
	}
	filed, err := readConfigFile(result.text("config"))
	if err != nil {
		faults = append(faults, err)
	}
	for _, opt := range optionTable {
		s := result[opt.name]
		if value, ok := filed[opt.name]; ok && s.source == "default" {
			s = setting{value, "file " + result.text("config")}
		}
		if opt.name == "dir" && s.value == "" {
			s.value = defaultDir(getenv)
		}
		result[opt.name] = s
		if opt.check != nil && s.value != "" {
			if err := opt.check(s.value); err != nil {
				faults = append(faults, fmt.Errorf("option %s (from %s): %w", opt.name, s.source, err))
			}
		}
	}
	if len(faults) == 0 {
		faults = slices.Concat(fitTimes(result), fitMail(result), plainDatabases(result))
	}
	if len(faults) > 0 {
		return nil, badUse("secretariat config shows every option, its value and where it came from", "%w", errors.Join(faults...))
	}
	return result, nil
}

// outside reads an option from its flag or the environment, else gives its default. A command's own flag of the same name,
// such as --from of forecast, is not the option.
func (o option) outside(cmd *cobra.Command, getenv func(string) string) (setting, error) {
	if f := cmd.Root().PersistentFlags().Lookup(o.name); f != nil && f.Changed {
		return setting{f.Value.String(), "flag --" + o.name}, nil
	}
	if v := getenv(o.env); v != "" {
		return setting{v, "environment " + o.env}, nil
	}
	if path := getenv(o.env + "_FILE"); o.secret && path != "" {
		b, err := readSecret(path)
		if err != nil {
			return setting{}, fmt.Errorf("option %s: %s_FILE: %w", o.name, o.env, err)
		}
		v := strings.TrimSpace(string(b))
		if v == "" {
			return setting{}, fmt.Errorf("option %s: the file %s that %s_FILE names is empty", o.name, path, o.env)
		}
		return setting{v, "file of " + o.env + "_FILE"}, nil
	}
	return setting{o.def, "default"}, nil
}

// readConfigFile reads options by name from a YAML file; "" reads nothing.
func readConfigFile(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("option config: %w", err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(b, &raw); err != nil {
		return nil, fmt.Errorf("%s: %s", path, yaml.FormatError(err, false, false))
	}
	values, faults := map[string]string{}, []error(nil)
	for key, value := range raw {
		if !slices.ContainsFunc(optionTable, func(o option) bool { return o.name == key && key != "config" }) {
			faults = append(faults, fmt.Errorf("%s: unknown option %q%s", path, key, programme.DidYouMean(key, optionNames())))
			continue
		}
		values[key] = fmt.Sprint(value)
	}
	return values, errors.Join(faults...)
}

func optionNames() []string {
	names := make([]string, len(optionTable))
	for i, o := range optionTable {
		names[i] = o.name
	}
	return names
}

// defaultDir is where data stays between runs. Root's home is closed to the PostgreSQL user, hence /var/lib.
func defaultDir(getenv func(string) string) string {
	home := getenv("HOME")
	switch {
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "secretariat")
	case os.Geteuid() == 0:
		return "/var/lib/secretariat"
	case getenv("XDG_STATE_HOME") != "":
		return filepath.Join(getenv("XDG_STATE_HOME"), "secretariat")
	default:
		return filepath.Join(home, ".local", "state", "secretariat")
	}
}

// The checks say what is wrong with a value; none repeats a value that may hold a secret.
