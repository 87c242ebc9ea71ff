-- +goose Up
create index post_in_blocked on post_in (sender, receiver, thread) where state = 0 and retry_at > 0;
