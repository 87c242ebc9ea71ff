package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// How patient send is with a node that does not answer.
const (
	firstPause, longestPause = 200 * time.Millisecond, 10 * time.Second
	sendTimeout              = 5 * time.Minute
)

// sent is what the node answers, with the file it is about.
type sent struct {
	File      string `json:"file"`
	ID        string `json:"id"`
	SHA256    string `json:"sha256,omitempty"`
	Duplicate bool   `json:"duplicate"`
}

func sendCommand() *cobra.Command {
	var to, key, resume string
	var give time.Duration
	var asJSON bool
	c := &cobra.Command{
		Use:   "send --to URL --key KEY FILE…",
		Short: "File reports over HTTP, with patience",
		Long: `Files each report and prints a line with its id once the node has it safely on disk. A node that does not answer is
asked again, for as long as --patience. What was filed before is known by its content, so sending everything again after
a break files nothing twice; with --resume FILE what is done is remembered and not even sent.`,
		Example: "  rihla send --to http://127.0.0.1:8080 --key $KEY messages/*.edi\n  rihla send --to $URL --key $KEY --resume sent.log messages/*.edi",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, files []string) error {
			if !strings.HasPrefix(to, "http://") && !strings.HasPrefix(to, "https://") {
				return usageError{fmt.Errorf("--to %s: it begins with http:// or https://", to)}
			}
			log, err := openSendLog(resume)
			if err != nil {
				return err
			}
			defer log.close()
			s := &sender{url: strings.TrimRight(to, "/") + "/api/v1/reports", key: key, patience: give, client: &http.Client{Timeout: sendTimeout}, say: c.ErrOrStderr()}
			bad := false
			for _, name := range files {
				if log.done[name] {
					continue
				}
				raw, err := readFile(name)
				if err != nil {
					return err
				}
				answer, err := s.send(c.Context(), name, raw)
				var refused inputError
				if errors.As(err, &refused) {
					fmt.Fprintf(c.ErrOrStderr(), "%s: %v\n", name, refused)
					bad = true
					continue
				}
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				if asJSON {
					err = json.NewEncoder(c.OutOrStdout()).Encode(answer)
				} else {
					known := ""
					if answer.Duplicate {
						known = "\tfiled before"
					}
					_, err = fmt.Fprintf(c.OutOrStdout(), "%s\t%s%s\n", answer.ID, name, known)
				}
				if err := errors.Join(err, log.add(name)); err != nil {
					return err
				}
			}
			if bad {
				return errSaid
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&to, "to", "", "the node, e.g. http://127.0.0.1:8080")
	f.StringVar(&key, "key", "", "a filer's key")
	f.StringVar(&resume, "resume", "", "a file that remembers what is done")
	f.DurationVar(&give, "patience", 10*time.Minute, "how long to ask again a node that does not answer")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	required(c, "to", "key")
	return c
}

type sender struct {
	url, key string
	patience time.Duration
	client   *http.Client
	say      io.Writer
}

// send files one report, asking again as long as the node may come back.
func (s *sender) send(ctx context.Context, name string, raw []byte) (sent, error) {
	began, pause := time.Now(), firstPause
	for {
		answer, again, err := s.try(ctx, name, raw)
		if err == nil || !again {
			return answer, err
		}
		if time.Since(began) > s.patience {
			return answer, fmt.Errorf("given up after %s: %w", time.Since(began).Round(time.Second), err)
		}
		fmt.Fprintf(s.say, "%s: %v; again in %s\n", name, err, pause)
		select {
		case <-ctx.Done():
			return answer, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

func (s *sender) try(ctx context.Context, name string, raw []byte) (answer sent, again bool, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(raw))
	if err != nil {
		return answer, false, usageError{err}
	}
	q.Header.Set("Authorization", "Bearer "+s.key)
	q.Header.Set("Content-Type", "application/octet-stream")
	a, err := s.client.Do(q)
	if err != nil {
		return answer, ctx.Err() == nil, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	if err != nil {
		return answer, true, err
	}
	switch {
	case a.StatusCode == http.StatusOK, a.StatusCode == http.StatusAccepted:
		answer.File = name
		return answer, true, json.Unmarshal(body, &answer)
	case a.StatusCode == http.StatusTooManyRequests, a.StatusCode >= 500:
		return answer, true, fmt.Errorf("the node answered %s", a.Status)
	}
	var problem struct{ Title, Detail string }
	_ = json.Unmarshal(body, &problem) // then the status alone must do
	return answer, false, inputError{fmt.Errorf("refused: %s %s", a.Status, problem.Detail)}
}

// sendLog remembers what was filed, a name a line.
type sendLog struct {
	done map[string]bool
	file *os.File
}

func openSendLog(name string) (*sendLog, error) {
	l := &sendLog{done: map[string]bool{}}
	if name == "" {
		return l, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600) //nolint:gosec // whoever runs the command names it
	if err != nil {
		return nil, err
	}
	l.file = f
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		l.done[lines.Text()] = true
	}
	return l, lines.Err()
}

func (l *sendLog) add(name string) error {
	if l.file == nil {
		return nil
	}
	_, err := l.file.WriteString(name + "\n")
	return err
}

func (l *sendLog) close() {
	if l.file != nil {
		_ = l.file.Close() // every line was written already
	}
}
