package funds

import (
	"context"
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/custody"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

var _ pipeline.Keeper = (*Domain)(nil)

// What is old enough to go. A party that is under a freeze keeps its entries until that ends; what a partner gave goes on the
// agreement's day.
var (
	oldEntries = custody.Rows{Table: "funds_entry", Key: "id", Age: "filed", Where: `kind <> 'told' and not exists (select 1 from funds_part p join funds_freeze f on f.subject = p.party
		where p.entry = funds_entry.id and f.state in ('pending', 'frozen', 'licensed'))`}
	oldFreezes        = custody.Rows{Table: "funds_freeze", Key: "case_id", Age: "started", Where: `state not in ('pending', 'frozen', 'licensed')`}
	oldDisseminations = custody.Rows{Table: "funds_dissemination", Key: "id", Age: "at"}
)

// cashLaw sets five years for cash declarations, and three more where the unit or customs has written that it needs them.
const cashLaw, cashMost = "Regulation (EU) 2018/1672, article 13", "P8Y"

// Retention says how long the unit keeps what it holds. What people decided stays in the audit log, without a person's data.
func (d *Domain) Retention() []custody.Clock {
	keep := fmt.Sprintf("P%dY", d.settings.KeepYears)
	return []custody.Clock{
		{Name: Name + ".entry", Keep: keep, Most: cashMost, Law: cashLaw, From: "received", Held: oldEntries.Held, Erase: d.eraseEntries, Reports: d.formatNames()},
		{Name: Name + ".freeze", Keep: keep, Most: cashMost, Law: cashLaw, From: "received", Held: oldFreezes.Held, Erase: oldFreezes.Drop},
		{Name: Name + ".dissemination", Keep: keep, Most: cashMost, Law: cashLaw, From: "sent", Held: oldDisseminations.Held, Erase: oldDisseminations.Drop},
	}
}

func (d *Domain) formatNames() (names []string) {
	for _, f := range d.Formats() {
		names = append(names, f.Name())
	}
	return names
}

// eraseEntries erases what was filed, with the parties that nothing else speaks of.
func (d *Domain) eraseEntries(ctx context.Context, tx store.Tx, before time.Time, n int) (custody.Erased, error) {
	old, err := oldEntries.Old(ctx, tx, before, n)
	if err != nil || len(old) == 0 {
		return custody.Erased{}, err
	}
	if _, err := store.ExecKeys(ctx, tx, `delete from funds_feedback where report in (:keys)`, old); err != nil {
		return custody.Erased{}, err
	}
	e, err := d.without(ctx, tx, old)
	return custody.Erased{Records: old, Gone: e.Gone, Due: e.Due}, err
}
