-- +goose Up
create table screening_rule_outcome (
    rule    TEXT   not null,
    version TEXT   not null,
    outcome TEXT   not null,
    upheld  BIGINT not null,
    decided BIGINT not null,
    primary key (rule, version, outcome)
);
