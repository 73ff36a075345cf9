package reports

import (
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/lib/pq"

	"secretariat/programme"
	"secretariat/reports/pdf"
	"secretariat/templates"
)

func devRead(db *sql.DB, q Query) Rows {
	r := Rows{}
	rows, err := db.Query(q.SQL, q.Args...)
	if err != nil {
		r.Err = err
		return r
	}
	defer rows.Close()
	ct, _ := rows.ColumnTypes()
	for _, c := range ct {
		r.Columns = append(r.Columns, c.Name())
		r.Types = append(r.Types, c.DatabaseTypeName())
	}
	for rows.Next() {
		v := make([]any, len(ct))
		p := make([]any, len(ct))
		for i := range v {
			p[i] = &v[i]
		}
		if err := rows.Scan(p...); err != nil {
			r.Err = err
			return r
		}
		for i := range v {
			switch x := v[i].(type) {
			case []byte:
				v[i] = string(x)
				if r.Types[i] == "_TEXT" {
					var a pq.StringArray
					a.Scan(x)
					v[i] = []string(a)
				}
			case time.Time:
				if r.Types[i] == "DATE" {
					v[i] = programme.NewDate(x.Date())
				}
			}
		}
		r.Values = append(r.Values, v)
	}
	r.Err = rows.Err()
	return r
}

func devCompose(t *testing.T, name, lang, clearance, zone string) Rendering {
	db, err := sql.Open("postgres", "host=/tmp/e-pg user=postgres dbname=sec sslmode=disable timezone=Asia/Tashkent")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lib, err := Load(templates.Reports())
	if err != nil {
		t.Fatal(err)
	}
	d, err := lib.Definition(name)
	if err != nil {
		t.Fatal(err)
	}
	tash, _ := time.LoadLocation("Asia/Tashkent")
	z, _ := time.LoadLocation(zone)
	asOf := time.Date(2026, 11, 23, 9, 0, 0, 0, tash)
	p := Parameters{Programme: Programme{Code: "ISRS-UNOCT", Title: programme.Text{"en": "Cooperation Programme of the Institute for Strategic and Regional Studies and the United Nations Office of Counter-Terrorism", "ru": "Программа сотрудничества Института стратегических и межрегиональных исследований и Контртеррористического управления ООН",
		"uz": "Strategik va mintaqalararo tadqiqotlar instituti bilan BMT Aksilterror boshqarmasining hamkorlik dasturi"}, Languages: []string{"en", "ru", "uz"}, Timezone: tash, Currency: "USD"},
		AsOf: asOf, Clearance: clearance, Language: lang, Zone: z}
	p.Since, p.Until = d.Span(asOf, time.Time{}, tash)
	qs, err := d.Plan(p, true)
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Parameters: p, Rows: map[string]Rows{}, Number: 12}
	for _, q := range qs {
		in.Rows[q.Name] = devRead(db, q)
	}
	out, err := d.Compose(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDev(t *testing.T) {
	name := os.Getenv("DEV_REPORT")
	if name == "" {
		t.Skip()
	}
	r := devCompose(t, name, os.Getenv("DEV_LANG"), "limited", "Asia/Tashkent")
	t.Log(r.Subject, r.Send, len(r.Cover))
	os.WriteFile("/work/scratch/reports/"+name+"."+os.Getenv("DEV_LANG")+".txt", []byte(dump(r.Document)), 0o644)
	devPDF(t, name+"."+os.Getenv("DEV_LANG"), r)
}

var devPDF = func(t *testing.T, name string, r Rendering) {
	b, n, err := pdf.Render(r.Document)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(n, "pages", len(b))
	os.WriteFile("/work/scratch/reports/out/"+name+".pdf", b, 0o644)
}
