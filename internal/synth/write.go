package synth

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// file keeps a message that the story has finished.
func (s *story) file(sent time.Time, format string, body []byte) {
	s.messages = append(s.messages, Message{
		Name:    strings.ToLower(s.slot.carrier) + strconv.Itoa(s.slot.flight) + "-" + format + ".edi",
		Carrier: s.slot.carrier, Flight: s.slot.key(), Sent: sent, Departs: s.leg().leaves, Body: body,
	})
}

// Write leaves the world in a folder: messages/ in the order they are sent, lists/, truth.json, and partner/ with what only
// the other state's node reads, where there is any. The folder must be new or empty of these, so that nothing of another
// world is read with this one.
func (w *World) Write(dir string) error {
	messages, lists, partner := filepath.Join(dir, "messages"), filepath.Join(dir, "lists"), filepath.Join(dir, "partner")
	folders := []string{messages, lists}
	if len(w.Partner) > 0 {
		folders = append(folders, partner)
	}
	for _, d := range folders {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
		if old, err := os.ReadDir(d); err != nil {
			return err
		} else if len(old) > 0 {
			return errors.New(d + " holds files already: name a new folder, or remove it first")
		}
	}
	for _, m := range w.Messages {
		if err := os.WriteFile(filepath.Join(messages, m.Name), m.Body, 0o644); err != nil {
			return err
		}
	}
	for _, m := range w.Partner {
		if err := os.WriteFile(filepath.Join(partner, m.Name), m.Body, 0o644); err != nil {
			return err
		}
	}
	for _, l := range w.Lists {
		if err := create(filepath.Join(lists, l.Name), l.Write); err != nil {
			return err
		}
	}
	return create(filepath.Join(dir, "truth.json"), w.Truth.write)
}

func create(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f)
	err = write(b)
	return errors.Join(err, b.Flush(), f.Close())
}

func (t *Truth) write(to io.Writer) error {
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(t)
}
