-- +goose Up
create table links_person (
    person BIGINT not null primary key,
    near   BIGINT not null,
    body   BYTEA  not null
);
