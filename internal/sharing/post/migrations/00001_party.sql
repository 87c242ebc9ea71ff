-- +goose Up
create table post_party (
    party   TEXT    not null primary key,
    own     BOOLEAN not null,
    country TEXT    not null,
    url     TEXT    not null,
    roots   TEXT    not null,
    changed BIGINT  not null
);
