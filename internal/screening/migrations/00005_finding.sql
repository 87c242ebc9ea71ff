-- +goose Up
create table screening_finding (
    subject    TEXT   not null,
    engine     TEXT   not null,
    matched    TEXT   not null,
    domain     TEXT   not null,
    holder     TEXT   not null,
    state      BIGINT not null,
    severity   BIGINT not null,
    kind       TEXT   not null,
    entry_hash TEXT   not null,
    digest     TEXT   not null,
    found      BIGINT not null,
    ended      BIGINT not null,
    body       TEXT   not null,
    primary key (subject, engine, matched)
);
