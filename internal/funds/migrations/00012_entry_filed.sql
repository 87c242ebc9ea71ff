-- +goose Up
create index funds_entry_filed on funds_entry (filed);
