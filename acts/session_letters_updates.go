package acts

import (
	"context"
	"errors"
	"fmt"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/programme"
	"secretariat/store"
)

// updateRequest is the source of the letter that asks a focal point for news. It lists what is open now: an activity
// closed since the letter was planned is not asked for any more.
func updateRequest(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (parts letterParts, reason string, err error) {
	info, err := tx.ProgrammeInfo(ctx)
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
	activities, err := tx.OpenActivities(ctx, *d.PersonID)
	if err != nil {
		return parts, "", err
	}
	data := baseData(a, info, person)
	update := &letters.UpdateData{Today: readersDay(tx, info, person)}
	for _, activity := range activities {
		if activity.Confidentiality == "confidential" { // it never travels; that there is more is said neutrally
			update.More = true
			continue
		}
		update.Activities = append(update.Activities, letters.ActivityLine(activity))
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

// deliveryPerson returns the person whom a letter is for, an inactive nobody when they are retired.
func deliveryPerson(ctx context.Context, tx *store.Tx, d store.Delivery) (programme.Person, error) {
	if d.PersonID == nil {
		return programme.Person{}, nil
	}
	person, err := tx.Person(ctx, *d.PersonID)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return person, err
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
