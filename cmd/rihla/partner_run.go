package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post/partner"
)

// asPartner are the flags of the commands that act as a partner without a Rihla.
type asPartner struct {
	file, party, authority, listen string
	trust                          []string
}

func (a *asPartner) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&a.file, "as", "", "the partner's file, with its private keys; it is made if it is not there")
	f.StringVar(&a.party, "party", "us", "where it is made: the party's name")
	f.StringVar(&a.authority, "authority", "us-ntc", "where it is made: its authority")
	f.StringVar(&a.listen, "listen", "127.0.0.1:9443", "where it is made: where it answers")
	f.StringArrayVar(&a.trust, "trust", nil, "the card of the side it deals with (rihla partner card prints it)")
	required(c, "as")
}

// open reads the partner, or makes it, and takes the cards.
func (a *asPartner) open(c *cobra.Command) (*partner.Partner, error) {
	p, err := partner.Load(a.file)
	if errors.Is(err, fs.ErrNotExist) {
		if p, err = partner.New(a.party, "https://"+a.listen, a.authority); err == nil {
			err = p.Save(a.file)
		}
	}
	if err != nil {
		return nil, inputError{err}
	}
	for _, name := range a.trust {
		card, err := readCard(c.InOrStdin(), name)
		if err != nil {
			return nil, err
		}
		p.Trust(card)
	}
	return p, nil
}

func partnerRunCommand() *cobra.Command {
	var as asPartner
	var answer string
	var cardOnly bool
	c := &cobra.Command{
		Use:   "run --as FILE [--card] [--trust CARD] [--answer no_hit]",
		Short: "Be a partner state without a Rihla, to try a node with",
		Long: "Acts as a partner in one file: it takes what a node sends, acknowledges it, and prints each message as a line of JSON. " +
			"A line of JSON on stdin (a message without id, number and times) is sent. With --answer it answers each REQUEST by itself. With --card it prints its card, for the node to trust, and ends.",
		Example: "  rihla partner run --as us.json --card > us.card.json && rihla partner trust --data node us.card.json\n" +
			"  rihla partner card --data node > bh.card.json\n  rihla partner run --as us.json --trust bh.card.json --answer no_hit\n" +
			"  echo '{\"type\":\"BREACH\",\"from\":\"us-ntc\",\"to\":\"bh-piu\",\"body\":{\"what\":\"a drill\"}}' | rihla partner run --as us.json --trust bh.card.json",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := as.open(c)
			if err != nil {
				return err
			}
			if cardOnly {
				return printCard(c.OutOrStdout(), p.Card())
			}
			return runPartner(c, p, as.file, answer)
		},
	}
	as.flags(c)
	c.Flags().StringVar(&answer, "answer", "", "how to answer a REQUEST: hit, no_hit, data, or a refusal's code; nothing leaves it to stdin")
	c.Flags().BoolVar(&cardOnly, "card", false, "print its card and end")
	return c
}

func runPartner(c *cobra.Command, p *partner.Partner, file, answer string) error {
	ctx := c.Context()
	at, err := url.Parse(p.Card().URL)
	if err != nil {
		return inputError{err}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", at.Host)
	if err != nil {
		return err
	}
	var mu sync.Mutex // one line at a time
	out := json.NewEncoder(c.OutOrStdout())
	send := func(m envelope.Message) {
		mu.Lock()
		defer mu.Unlock()
		sent, ack, err := p.Send(ctx, m)
		switch {
		case err != nil:
			fmt.Fprintf(c.ErrOrStderr(), "not sent: %v\n", err)
		case len(ack.Refused) > 0:
			fmt.Fprintf(c.ErrOrStderr(), "%s %s was refused: %s %s\n", sent.Type, sent.ID, ack.Refused[0].Code, ack.Refused[0].Detail)
		default:
			fmt.Fprintf(c.ErrOrStderr(), "%s %s was taken\n", sent.Type, sent.ID)
		}
		if err := p.Save(file); err != nil {
			fmt.Fprintf(c.ErrOrStderr(), "not saved: %v\n", err)
		}
	}
	handler := p.Handler(func(m envelope.Message) {
		mu.Lock()
		err := out.Encode(partnerMessage(m))
		mu.Unlock()
		if err == nil && answer != "" && m.Type == envelope.Request {
			go send(answerTo(m, answer))
		}
	})
	server := &http.Server{Handler: handler, TLSConfig: p.TLS(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.ServeTLS(listener, "", "") }()
	fmt.Fprintf(c.ErrOrStderr(), "%s answers at %s\n", p.Party(), p.Card().URL)
	go func() {
		lines := bufio.NewScanner(c.InOrStdin())
		lines.Buffer(nil, envelope.MaxSize)
		for lines.Scan() {
			var line sentLine
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				fmt.Fprintf(c.ErrOrStderr(), "not sent: no message in JSON: %v\n", err)
				continue
			}
			send(envelope.Message{Header: line.Header, Body: line.Body})
		}
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(within); err != nil {
		return server.Close()
	}
	return nil
}

// sentLine is a message as a line of stdin has it, and as one of stdout shows it.
type sentLine struct {
	envelope.Header
	Body json.RawMessage `json:"body"`
}

func partnerMessage(m envelope.Message) sentLine { return sentLine{m.Header, m.Body} }

// answerTo is what answers a REQUEST: a result, or a refusal by its code.
func answerTo(m envelope.Message, answer string) envelope.Message {
	reply := envelope.Message{Header: envelope.Header{
		Type: envelope.Reply, From: m.To, To: m.From, Agreement: m.Agreement, Share: m.Share, Purpose: m.Purpose, Thread: m.ThreadKey(), InReplyTo: m.ID,
	}}
	switch answer {
	case "hit", "no_hit", "data":
		reply.Body = fmt.Appendf(nil, `{"result":%q}`, answer)
	default:
		reply.Type, reply.Body = envelope.Refusal, fmt.Appendf(nil, `{"code":%q,"may_retry":false}`, answer)
	}
	return reply
}

func partnerConformCommand() *cobra.Command {
	var as asPartner
	var to string
	var asJSON bool
	c := &cobra.Command{
		Use:   "conform --as FILE --trust CARD --to AUTHORITY",
		Short: "Hold another side of the exchange to the protocol: what is right is taken once, everything else refused rightly",
		Long: "Tries the side whose card is given, which must have trusted this partner's card (rihla partner run --as FILE --card): a good message, replays, a conflict, a gap, wrong keys, altered bytes, lying clocks, " +
			"other algorithms, other machines. Exit 1 when a case is not met. It sends HELLO messages only, and one REQUEST under an agreement that nobody signed.",
		Example: "  rihla partner conform --as us.json --trust bh.card.json --to bh-piu",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := as.open(c)
			if err != nil {
				return err
			}
			results, err := p.Conform(c.Context(), to)
			if err := errors.Join(err, p.Save(as.file)); err != nil {
				return asInput(err)
			}
			wrong := 0
			if err := printEach(c, asJSON, results, func(r partner.Result) string {
				if r.OK {
					return "ok\t" + r.Case
				}
				return "NOT MET\t" + r.Case + "\tmust " + r.Must + "\t" + r.Got
			}); err != nil {
				return err
			}
			for _, r := range results {
				if !r.OK {
					wrong++
				}
			}
			if wrong > 0 {
				return inputError{fmt.Errorf("%d of %d cases are not met", wrong, len(results))}
			}
			return nil
		},
	}
	as.flags(c)
	c.Flags().StringVar(&to, "to", "", "the authority to try")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, one a line")
	required(c, "to")
	return c
}
