-- +goose Up
create table links_value (
    value  BIGINT not null primary key,
    kind   TEXT   not null,
    mask   TEXT   not null,
    common BIGINT not null,
    people BYTEA  not null
);
