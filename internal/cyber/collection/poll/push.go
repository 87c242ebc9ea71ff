package poll

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/rihla/rihla/formats/taxii"
)

// batchMost is how many objects a batch has at most.
const batchMost = 500

// How long a server may take over a batch that it calls pending.
const (
	firstLook = time.Second
	looksMost = 60
)

// Push gives objects to a collection, in batches, and waits until each batch is dealt with. told hears of each batch what
// became of it: record it, and a Push that breaks off need not begin again. Giving an object twice does no harm.
func (c *Client) Push(ctx context.Context, p Peer, collection string, objects [][]byte, told func(context.Context, taxii.Status) error) error {
	var root taxii.Root
	if _, _, err := c.get(ctx, p, p.Root, &root); err != nil {
		return err
	}
	most := root.MaxContent
	if most <= 0 {
		most = 1 << 20
	}
	for len(objects) > 0 {
		body := []byte(`{"objects":[`)
		n := 0
		for ; n < len(objects) && n < batchMost; n++ {
			if n > 0 {
				if int64(len(body)+len(objects[n])+len(",]}")) > most {
					break
				}
				body = append(body, ',')
			}
			body = append(body, objects[n]...)
		}
		st, err := c.give(ctx, p, collection, append(body, "]}"...))
		if err != nil {
			return err
		}
		if err := told(ctx, st); err != nil {
			return err
		}
		objects = objects[n:]
	}
	return nil
}

// give posts one batch and waits for its end.
func (c *Client) give(ctx context.Context, p Peer, collection string, body []byte) (st taxii.Status, err error) {
	at := taxii.ObjectsAt(p.Root, collection)
	a, err := c.do(ctx, p, http.MethodPost, at, body)
	if err != nil {
		return st, err
	}
	if err := json.Unmarshal(a.body, &st); err != nil {
		return st, fmt.Errorf("%s answered no status: %w", place(at), err)
	}
	pause := firstLook
	for range looksMost {
		if st.Status != taxii.Pending {
			return st, nil
		}
		if err := c.options.Sleep(ctx, pause); err != nil {
			return st, err
		}
		pause = min(2*pause, time.Minute)
		var now taxii.Status
		if _, _, err := c.get(ctx, p, taxii.StatusAt(p.Root, st.ID), &now); err != nil {
			return st, err
		}
		st = now
	}
	return st, fmt.Errorf("%s has not dealt with %d objects in all this time", place(at), st.PendingCount)
}
