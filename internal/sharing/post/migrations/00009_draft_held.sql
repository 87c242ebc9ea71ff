-- +goose Up
create index post_draft_held on post_draft (sender, receiver, thread) where not_before > 0;
