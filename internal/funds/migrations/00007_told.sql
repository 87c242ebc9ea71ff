-- +goose Up
-- The partner's records, by which what came of them is dropped again.
create table funds_told (
    record text not null primary key,
    entry  text not null
);
