-- +goose Up
create index post_in_waiting on post_in (sender, receiver, seq) where state = 0;
