package acts

import (
	"context"
	"fmt"
	"slices"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/programme"
	"secretariat/store"
)

// updateRequest is the source of the letter that asks a focal point for news. It lists what is open now: an activity
// closed since the letter was planned is not asked for any more.
func updateRequest(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (parts letterParts, reason string, err error) {
	p, err := tx.Programme(ctx)
	if err != nil {
		return parts, "", err
	}
	person, err := deliveryPerson(ctx, tx, d)
	if err != nil {
		return parts, "", err
	}
	if !person.Active || person.Email == "" {
		return parts, "no longer receives letters", nil
	}
	areas := map[string]programme.Text{}
	for _, area := range p.Areas {
		areas[area.Ref] = area.Title
	}
	data := baseData(a, p.Info, person)
	update := &letters.UpdateData{Today: readersDay(tx, p.Info, person)}
	for _, activity := range p.Activities {
		switch {
		case activity.FocalPoint != person.Ref || !openActivity(activity):
		case activity.Confidentiality == "confidential": // it never travels; that there is more is said neutrally
			update.More = true
		default:
			update.Activities = append(update.Activities, activityLine(activity, areas[activity.Area]))
		}
	}
	if len(update.Activities) == 0 && !update.More {
		return parts, "nothing is open", nil
	}
	if data.Recipient.Clearance == "public" { // they are the focal point of what is listed
		data.Recipient.Clearance = "limited"
	}
	data.Update = update
	if parts.Letter, err = a.Letters.Compose(d.Kind, data.Recipient.Language, data); err != nil {
		return parts, "", fmt.Errorf("compose letter %d: %w", d.ID, err)
	}
	return parts, "", nil
}

func activityLine(a programme.Activity, area programme.Text) letters.ActivityLine {
	line := letters.ActivityLine{Ref: a.Ref, Title: a.Title, Area: area, Percent: a.Percent, DueOn: a.DueOn, Confidentiality: a.Confidentiality}
	for _, u := range a.Updates {
		if u.Date.After(line.LastUpdateOn) {
			line.LastUpdateOn = u.Date
		}
	}
	return line
}

// deliveryPerson returns the person whom a letter is for, an inactive nobody when they are retired.
func deliveryPerson(ctx context.Context, tx *store.Tx, d store.Delivery) (programme.Person, error) {
	ids, err := tx.PersonIDs(ctx)
	if err != nil {
		return programme.Person{}, err
	}
	people, err := tx.People(ctx)
	if err != nil {
		return programme.Person{}, err
	}
	i := slices.IndexFunc(people, func(p programme.Person) bool { return d.PersonID != nil && ids[p.Ref] == *d.PersonID })
	if i < 0 {
		return programme.Person{}, nil
	}
	return people[i], nil
}

// readersDay is the day on the reader's clock, the programme's where theirs is unknown.
func readersDay(tx *store.Tx, info programme.Info, person programme.Person) programme.Date {
	for _, name := range []string{person.Timezone, info.Timezone, "UTC"} {
		if zone, err := calendar.LoadZone(name); err == nil {
			return programme.DateOf(tx.Now, zone)
		}
	}
	return programme.Date{}
}
