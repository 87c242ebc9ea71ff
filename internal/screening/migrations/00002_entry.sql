-- +goose Up
create table screening_entry (
    list   TEXT not null,
    entry  TEXT not null,
    digest TEXT not null,
    body   TEXT not null,
    primary key (list, entry)
);
