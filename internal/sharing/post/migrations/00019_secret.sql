-- +goose Up
create table post_secret (
    id   TEXT  not null primary key,
    salt BYTEA not null
);
