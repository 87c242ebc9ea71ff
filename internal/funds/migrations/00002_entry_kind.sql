-- +goose Up
create index funds_entry_kind on funds_entry (kind, happened, id);
