-- +goose Up
create index funds_party_moved on funds_party (moved, id, version);
