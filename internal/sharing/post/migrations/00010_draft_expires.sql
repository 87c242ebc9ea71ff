-- +goose Up
create index post_draft_expires on post_draft (expires, receiver, made, not_before);
