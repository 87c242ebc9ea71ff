-- +goose Up
create table intake_report (
    id        TEXT   not null primary key,
    state     TEXT   not null,
    partial   BIGINT not null default 0,
    format    TEXT   not null default '',
    domain    TEXT   not null default '',
    filer     TEXT   not null,
    filer_id  TEXT   not null default '',
    carriers  TEXT   not null default '',
    gate      TEXT   not null default '',
    media     TEXT   not null default '',
    name      TEXT   not null default '',
    mends     TEXT   not null default '',
    mended_by TEXT   not null default '',
    sha256    TEXT   not null,
    size      BIGINT not null,
    messages  BIGINT not null default 0,
    received  BIGINT not null,
    stored    BIGINT not null,
    faults    TEXT   not null default ''
);
