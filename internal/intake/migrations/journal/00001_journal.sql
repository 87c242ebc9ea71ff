-- +goose Up
create table intake_journal (
    id       TEXT   not null primary key,
    owner    TEXT   not null,
    lane     BIGINT not null,
    number   BIGINT not null,
    filer    TEXT   not null,
    filer_id TEXT   not null default '',
    carriers TEXT   not null default '',
    gate     TEXT   not null default '',
    media    TEXT   not null default '',
    name     TEXT   not null default '',
    mends    TEXT   not null default '',
    sha256   TEXT   not null,
    size     BIGINT not null,
    received BIGINT not null
);
