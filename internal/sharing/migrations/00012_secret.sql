-- +goose Up
create table sharing_secret (
    id     text  not null primary key,
    salt   bytea not null,
    sealed bytea not null
);
