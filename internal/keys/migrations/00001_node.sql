-- +goose Up
create table keys_node (
    name        TEXT not null primary key,
    fingerprint TEXT not null
);
