-- +goose Up
-- The partner's records, by which what came of them is dropped again.
create table facilitation_told (
    record      text not null primary key,
    application text not null
);
