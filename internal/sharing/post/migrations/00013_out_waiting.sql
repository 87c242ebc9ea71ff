-- +goose Up
create index post_out_waiting on post_out (sender, receiver, seq) where state = 0;
