-- +goose Up
create unique index post_in_id on post_in (id, sender);
