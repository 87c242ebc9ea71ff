package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/screening/names"
)

// mostScreened entries are printed a query.
const mostScreened = 10

func screenCommand() *cobra.Command {
	var listFiles []string
	var queries string
	var least float64
	c := &cobra.Command{
		Use:   "screen --list FILE… --queries FILE.tsv",
		Short: "Screen a table of people against lists, without a node",
		Long: `Compares each person of a table with every person of the lists, and prints the entries that may be the same, best
first: the query's id, the entry's and the score, with tabs between. The table has a header; it knows the columns id,
surname, given, name, birth_date, sex, nationality, doc_type, doc_number and doc_country. Nothing is kept.`,
		Example: "  rihla screen --list watchlist.csv --queries people.tsv\n  rihla screen --list sdn.csv --list national.csv --queries people.tsv --min 0.8",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if least < 0 || least > 1 {
				return usageError{fmt.Errorf("--min is between 0 and 1, not %v", least)}
			}
			begun := time.Now()
			usual := debug.SetGCPercent(collectAtLoading)
			defer debug.SetGCPercent(usual)
			crowd, err := readCrowd(listFiles)
			if err != nil {
				return err
			}
			index := names.Build(crowd.people)
			crowd.people = nil
			debug.SetGCPercent(usual)
			indexed := time.Now()
			table, err := readFile(queries)
			if err != nil {
				return err
			}
			asked, err := readQueries(queries, table)
			if err != nil {
				return err
			}
			out := bufio.NewWriterSize(c.OutOrStdout(), 1<<16)
			if err := screenAll(out, index, crowd.ids, asked, least); err != nil {
				return err
			}
			if err := out.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "%d queries, %d entries, %.2f s of indexing, %.2f s of screening, %d MiB at most\n",
				len(asked), len(crowd.ids), indexed.Sub(begun).Seconds(), time.Since(indexed).Seconds(), peakMemory()>>20)
			return nil
		},
	}
	f := c.Flags()
	f.StringArrayVar(&listFiles, "list", nil, "a list, in any format; may be given again")
	f.StringVar(&queries, "queries", "", "the table of people, tab separated, with a header")
	f.Float64Var(&least, "min", 0.5, "the least score to print, 0 to 1")
	required(c, "list", "queries")
	return c
}

// collectAtLoading is how much garbage may lie about while lists are read and indexed, in per cent of what is in use. A
// list as read is several times its index: at the usual hundred a large one would need twice that.
const collectAtLoading = 30

// crowd is everybody listed, and the id of each.
type crowd struct {
	people []names.Person
	ids    []string
}

func readCrowd(files []string) (crowd, error) {
	var c crowd
	for _, name := range files {
		if isCompanion(name, files) {
			continue
		}
		entries, err := readList(name)
		if err != nil {
			return c, err
		}
		c.people, c.ids = slices.Grow(c.people, len(entries)), slices.Grow(c.ids, len(entries))
		for i := range entries {
			e := &entries[i]
			if len(e.Names) > 0 || len(e.Documents) > 0 {
				c.people = append(c.people, screening.PersonOf(e))
				c.ids = append(c.ids, e.ID)
			}
			*e = lists.Entry{} // what is not asked for is garbage from here on
		}
	}
	return c, nil
}

// readList reads a list's file, and those that belong to it.
func readList(name string) ([]lists.Entry, error) {
	upload := []lists.File{}
	for _, file := range withCompanions([]string{name}) {
		data, err := readFile(file)
		if err != nil {
			return nil, err
		}
		upload = append(upload, lists.File{Name: filepath.Base(file), Data: data})
	}
	list, err := lists.Read(upload)
	if err != nil {
		return nil, refusedList(err)
	}
	return list.Entries, nil
}

// isCompanion says that a file is read along with another that was named.
func isCompanion(name string, named []string) bool {
	for _, first := range named {
		if first != name {
			for _, other := range lists.Companions(filepath.Base(first)) {
				if filepath.Join(filepath.Dir(first), other) == filepath.Clean(name) {
					return true
				}
			}
		}
	}
	return false
}

// query is one person of the table.
type query struct {
	id     string
	person names.Person
}

var queryColumns = map[string]bool{"id": true, "surname": true, "given": true, "name": true, "birth_date": true, "sex": true, "nationality": true,
	"doc_type": true, "doc_number": true, "doc_country": true}

func readQueries(file string, table []byte) ([]query, error) {
	wrong := func(line int, format string, args ...any) error {
		return inputError{fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...))}
	}
	table = bytes.TrimPrefix(table, []byte("\ufeff"))
	text := string(table)
	head, rest, _ := strings.Cut(text, "\n")
	at := make(map[string]int)
	columns := strings.Split(strings.TrimSuffix(head, "\r"), "\t")
	for i, column := range columns {
		column = strings.TrimSpace(column)
		if !queryColumns[column] {
			return nil, wrong(1, "there is no column %q here; those known are id, surname, given, name, birth_date, sex, nationality, doc_type, doc_number, doc_country", column)
		}
		at[column] = i
	}
	if _, ok := at["id"]; !ok {
		return nil, wrong(1, "the column id is missing: the first line names the columns, with tabs between")
	}
	out := make([]query, 0, strings.Count(rest, "\n")+1)
	for line := 2; rest != ""; line++ {
		var row string
		row, rest, _ = strings.Cut(rest, "\n")
		row = strings.TrimSuffix(row, "\r")
		if row == "" {
			continue
		}
		cells := strings.Split(row, "\t")
		if len(cells) > len(columns) {
			return nil, wrong(line, "%d fields, where the header has %d", len(cells), len(columns))
		}
		cell := func(column string) string {
			if i, ok := at[column]; ok && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		q := query{id: cell("id")}
		if q.id == "" {
			return nil, wrong(line, "the person has no id")
		}
		p := &q.person
		p.Names = []names.Name{{Surname: cell("surname"), Given: cell("given"), Full: cell("name")}}
		if b := cell("birth_date"); b != "" {
			p.Births = []string{b}
		}
		p.Sex = cell("sex")
		if n := cell("nationality"); n != "" {
			p.Countries = []string{country.ISO(n)}
		}
		if n := cell("doc_number"); n != "" {
			p.Documents = []names.Document{{Type: cell("doc_type"), Number: n, Country: country.ISO(cell("doc_country"))}}
		}
		out = append(out, q)
	}
	return out, nil
}

// screenedAtOnce are the queries one worker takes: enough that taking costs nothing, few enough that all end together.
const screenedAtOnce = 256

// screenAll screens with all cores and writes in the order of the queries.
func screenAll(w io.Writer, index *names.Index, ids []string, asked []query, least float64) error {
	chunks := (len(asked) + screenedAtOnce - 1) / screenedAtOnce
	done := make([]chan []byte, chunks)
	for i := range done {
		done[i] = make(chan []byte, 1)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			var hits []names.Hit
			for {
				i := int(next.Add(1)) - 1
				if i >= chunks {
					return
				}
				var b []byte
				for j := i * screenedAtOnce; j < min((i+1)*screenedAtOnce, len(asked)); j++ {
					q := &asked[j]
					hits = index.Match(hits[:0], &q.person, least, mostScreened)
					for _, h := range hits {
						b = append(append(append(append(b, q.id...), '\t'), ids[h.Entry]...), '\t')
						b = append(strconv.AppendFloat(b, h.Score, 'f', 6, 64), '\n')
					}
				}
				done[i] <- b
			}
		})
	}
	for i := range done {
		if _, err := w.Write(<-done[i]); err != nil {
			return err // the workers end by themselves: every channel has room
		}
	}
	workers.Wait()
	return nil
}
