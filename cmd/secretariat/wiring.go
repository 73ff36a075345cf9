package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"secretariat/acts"
	"secretariat/letters"
	"secretariat/mail"
	programmefile "secretariat/programme/file"
	"secretariat/reports"
	"secretariat/scheduler"
	"secretariat/store"
	"secretariat/store/private"
	"secretariat/templates"
)

// database is an open database and, when it is the private one, its server.
type database struct {
	*store.Store
	cluster *private.Cluster // nil for an external database
}

// close gives the connections back and, as the last user, stops the private server.
func (d *database) close() error {
	err := d.Store.Close()
	if d.cluster != nil {
		err = errors.Join(err, d.cluster.Close())
	}
	return err
}

// kind is "private" or "external".
func (d *database) kind() string {
	if d.cluster != nil {
		return "private"
	}
	return "external"
}

// openDatabase opens the database that the options name: DATABASE_URL, else the private one of the data folder. The
// schema is not looked at.
func (a *app) openDatabase(ctx context.Context) (*database, error) {
	url, reporting := a.options.text("database-url"), a.options.text("report-database-url")
	d := &database{}
	if url == "" {
		dir, err := filepath.Abs(a.options.text("dir"))
		if err == nil {
			dir, err = a.databaseDir(dir)
		}
		if err != nil {
			return nil, err
		}
		d.cluster, err = private.Start(ctx, dir, private.Options{
			Bin: a.options.text("pg-bin"),
			Say: func(s string) { a.progress("%s", s) },
		})
		if err != nil {
			return nil, missing(err)
		}
		url = d.cluster.URL()
	}
	var err error
	if d.Store, err = store.OpenWith(ctx, store.Options{URL: url, ReportingURL: reporting}); err != nil {
		if d.cluster != nil {
			err = errors.Join(err, d.cluster.Close())
		}
		return nil, missing(err)
	}
	return d, nil
}

// migrate brings the schema and the job engine's tables up to date, under one lock, and returns the files applied.
func (d *database) migrate(ctx context.Context) (applied []string, err error) {
	err = d.WithMigrationLock(ctx, func(ctx context.Context, db *sql.DB) error {
		files, err := d.Migrate(ctx, db)
		for _, f := range files {
			applied = append(applied, f.Name)
		}
		if err != nil {
			return err
		}
		return scheduler.MigrateEngine(ctx, db)
	})
	return applied, missing(err)
}

// house is all that a command works with.
type house struct {
	*database
	acts   *acts.Acts
	engine *scheduler.Engine
	pool   *mail.Pool // nil without a relay
}

// need says what a command needs of the house beside the database.
type need int

const (
	needDatabase need = iota // the command sends nothing itself: letters wait for the daemon
	needSender               // the command hands letters to the relay
)

// open opens the database, makes sure that its schema fits (a private one is brought up to date), reads the templates and
// joins it all. The caller closes the house.
func (a *app) open(ctx context.Context, n need) (*house, error) {
	d, err := a.openDatabase(ctx)
	if err != nil {
		return nil, err
	}
	h, err := a.furnish(ctx, d, n)
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return h, nil
}

func (a *app) furnish(ctx context.Context, d *database, n need) (*house, error) {
	if d.cluster != nil {
		if _, err := d.migrate(ctx); err != nil {
			return nil, err
		}
	}
	if err := d.CheckSchema(ctx); err != nil {
		return nil, missing(err)
	}
	if n == needSender {
		held, err := d.Guard(ctx)
		if err != nil {
			return nil, err
		}
		if held {
			a.log.Warn("held: this database was restored or copied; secretariat doctor --adopt lets it send")
		}
	}
	h := &house{database: d}
	var err error
	if h.engine, err = scheduler.New(d.Store, scheduler.Options{Log: a.log}); err != nil {
		return nil, err
	}
	if h.acts, err = a.newActs(d.Store); err != nil {
		return nil, err
	}
	h.acts.Enqueue = h.engine.Enqueue
	return h, a.joinMail(h, n)
}

// joinMail gives the acts a relay, what can tell about lost letters, and the mailboxes, as the options name them.
func (a *app) joinMail(h *house, n need) (err error) {
	if n == needSender && a.options.text("smtp-url") != "" {
		settings, err := a.relaySettings(h.acts.Mail.From.Address)
		if err != nil {
			return err
		}
		if err := h.connect(settings); err != nil {
			return err
		}
	}
	if h.acts.Oracle, err = a.oracle(h.acts.Mail.Domain); err != nil {
		return err
	}
	h.acts.Mailboxes, err = a.mailboxes()
	return err
}

// connect gives the acts a relay.
func (h *house) connect(s mail.Settings) error {
	pool, err := mail.NewPool(s)
	if err != nil {
		return badUse("with a user in smtp-url give smtp-password (or a file: SECRETARIAT_SMTP_PASSWORD_FILE) or smtp-token-file, without one neither", "option smtp-url: %w", err)
	}
	h.pool, h.acts.Sender = pool, pool
	return nil
}

// close gives everything back.
func (h *house) close() error {
	var err error
	if h.pool != nil {
		err = h.pool.Close()
	}
	return errors.Join(err, h.database.close())
}

// newActs reads the templates and makes the acts of a database. They enqueue nothing and send nothing yet.
func (a *app) newActs(s *store.Store) (*acts.Acts, error) {
	own := a.ownTemplates()
	library, err := reports.Load(layers(templates.Reports(), own, "reports")...)
	if err != nil {
		return nil, fmt.Errorf("read the reports: %w", err)
	}
	set, err := letters.Load(layers(templates.Letters, own, ".")...)
	if err != nil {
		return nil, fmt.Errorf("read the letters: %w", err)
	}
	timetables, err := a.timetables()
	if err != nil {
		return nil, err
	}
	from, err := mail.ParseAddress(a.options.text("from"))
	if err != nil {
		return nil, badUse("", "option from: %w", err)
	}
	rates, err := readRates(a.options.text("smtp-rate"), a.options.text("smtp-domain-rate"))
	if err != nil {
		return nil, badUse("", "option smtp-domain-rate: %w", err)
	}
	returnPath := mail.Address{}
	if text := a.options.text("return-path"); text != "" {
		if returnPath, err = mail.ParseAddress(text); err != nil {
			return nil, badUse("", "option return-path: %w", err)
		}
	}
	common, err := a.options.common(own)
	if err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	host, _ := os.Hostname()
	return &acts.Acts{
		Store: s, Reports: library, Letters: set, Timetables: timetables, Replica: fmt.Sprintf("%s:%d", host, os.Getpid()), Settings: common,
		Mail: acts.MailOptions{
			From: from, Domain: mail.Domain(from.Address), PublicURL: a.options.text("public-url"),
			Hold: a.options.toggled("hold"), RedirectTo: a.options.text("redirect-to"),
			Rates: rates, ReturnPath: returnPath.Address,
			Lease: a.options.span("lease"), QuietPeriod: a.options.span("quiet-period"), CrashLimit: a.options.number("crash-limit"),
		},
	}, nil
}

// ownTemplates is the operator's folder of templates, nil for none.
func (a *app) ownTemplates() fs.FS {
	if dir := a.options.text("templates"); dir != "" {
		return os.DirFS(dir)
	}
	return nil
}

// timetables reads the sets of rules that a programme file may take over.
func (a *app) timetables() (programmefile.Timetables, error) {
	sets, err := programmefile.LoadTimetables(layers(templates.Timetables(), a.ownTemplates(), "timetables")...)
	if err != nil {
		return nil, badUse("mend the files, or leave --templates out", "read the timetables: %w", err)
	}
	return sets, nil
}

// layers is the built-in files and, over them, those of a folder in the operator's templates, when there is one.
func layers(builtIn, own fs.FS, folder string) []fs.FS {
	if own == nil {
		return []fs.FS{builtIn}
	}
	sub, err := fs.Sub(own, folder)
	if info, statErr := fs.Stat(own, folder); err != nil || statErr != nil || !info.IsDir() {
		return []fs.FS{builtIn}
	}
	return []fs.FS{builtIn, sub}
}

// missing gives errors that say what the machine or the installation lacks their exit code. Others pass as they are.
func missing(err error) error {
	var (
		lost   *store.UnreachableError
		server *private.Error
		schema *store.SchemaError
		old    *store.ServerError
		dial   *net.OpError
	)
	if errors.As(err, &lost) || errors.As(err, &server) || errors.As(err, &schema) || errors.As(err, &old) || errors.As(err, &dial) {
		return &failure{code: exitLacks, err: err}
	}
	return err
}
