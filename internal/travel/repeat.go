package travel

import (
	"context"

	"github.com/rihla/rihla/formats/cusres"
	"github.com/rihla/rihla/formats/paxlst"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

// Repeat answers a question that was answered before: with the same answer, byte for byte, but for whom it would be leave to
// board that was taken back since. An answer that came over the line twice, or late, lets nobody board.
func (d *Domain) Repeat(ctx context.Context, r store.Reader, f pipeline.Filing) ([]byte, error) {
	lists := listsOf(f)
	given := answers(f.Answered)
	if len(given) < len(lists) {
		return f.Answered, nil
	}
	told := given[len(given)-len(lists):]
	heard := make([][]Record, len(lists))
	var records []string
	for i, m := range lists {
		_, _, rank := listMeaning(m)
		if m.Code == "266" || rank == rankCancel {
			continue
		}
		heard[i] = hearAPI(d.ids, f.Report, m).records
		for j := range heard[i] {
			records = append(records, heard[i][j].ID)
		}
	}
	stands, err := questionsOf(ctx, r, records)
	if err != nil {
		return nil, err
	}
	graver := false
	for i := range told {
		if len(told[i].Results) != len(heard[i]) {
			continue
		}
		for j := range heard[i] {
			q, asked := stands[heard[i][j].ID]
			if result := &told[i].Results[j]; asked && d.outdated(result, &q) {
				graver = true
			}
		}
	}
	if !graver {
		return f.Answered, nil
	}
	var out []byte
	for _, m := range given {
		out = cusres.Append(out, m)
	}
	return out, nil
}

// outdated makes a result graver where the carrier was told worse since, and says whether it was.
func (d *Domain) outdated(result *cusres.Result, q *question) bool {
	now, missing := q.verdict, q.asks(nil)
	if now == calledOff || q.Void {
		now, missing = graver(now, cusres.Insufficient), []string{lacksAnew}
	}
	if _, ordered := gravity[result.Decision]; !ordered || result.Level != cusres.OfPassenger || gravity[now] <= gravity[result.Decision] {
		return false
	}
	result.Decision, result.Code, result.Authority, result.Text = now, "", "", d.word(now, missing, false)
	return true
}

// listsOf are the passenger lists of a report.
func listsOf(f pipeline.Filing) (lists []*paxlst.Message) {
	for i := range f.Messages {
		if m, ok := f.Messages[i].Body.(*paxlst.Message); ok {
			lists = append(lists, m)
		}
	}
	return lists
}
