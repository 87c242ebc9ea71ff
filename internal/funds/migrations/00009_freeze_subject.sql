-- +goose Up
create index funds_freeze_subject on funds_freeze (subject);
