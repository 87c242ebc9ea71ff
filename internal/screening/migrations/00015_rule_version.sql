-- +goose Up
create table screening_rule_version (
    rule     TEXT   not null,
    number   BIGINT not null,
    version  TEXT   not null,
    origin   TEXT   not null,
    domain   TEXT   not null,
    state    TEXT   not null,
    since    BIGINT not null,
    author   TEXT   not null,
    made     BIGINT not null,
    approver TEXT   not null,
    digest   TEXT   not null,
    revision BIGINT not null,
    body     TEXT   not null,
    history  TEXT   not null,
    primary key (rule, number)
);
