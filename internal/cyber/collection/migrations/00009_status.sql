-- +goose Up
-- Ids are in the order of time, so that old ones go by their key.
create table taxii_status (
    id       text  not null primary key,
    asked_by text  not null,
    body     bytea not null
);
