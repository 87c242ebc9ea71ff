-- +goose Up
create table screening_dismissal (
    identity   TEXT   not null,
    list       TEXT   not null,
    entry      TEXT   not null,
    entry_hash TEXT   not null,
    subject    TEXT   not null,
    actor      TEXT   not null,
    reason     TEXT   not null,
    decided    BIGINT not null,
    until      BIGINT not null,
    primary key (identity, list, entry)
);
