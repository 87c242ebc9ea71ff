-- +goose Up
create unique index post_out_id on post_out (id);
