-- +goose Up
-- Designations that a partner told of, by its record: whoever is held, or comes, is compared with them.
create table funds_designation (
    record text not null primary key,
    body   text not null -- Designation
);
