-- +goose Up
create table access_key (
    hash     TEXT   not null primary key,
    id       TEXT   not null,
    name     TEXT   not null,
    role     TEXT   not null,
    carriers TEXT   not null,
    partner  TEXT   not null,
    created  BIGINT not null,
    revoked  BIGINT not null
);
