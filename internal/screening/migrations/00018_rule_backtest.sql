-- +goose Up
create table screening_rule_backtest (
    rule    TEXT   not null,
    id      TEXT   not null,
    version TEXT   not null,
    digest  TEXT   not null,
    state   TEXT   not null,
    asked   BIGINT not null,
    actor   TEXT   not null,
    body    TEXT   not null,
    primary key (rule, id)
);
