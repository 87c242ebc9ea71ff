-- +goose Up
create unique index post_draft_id on post_draft (id);
