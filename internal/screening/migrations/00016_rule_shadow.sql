-- +goose Up
create table screening_rule_shadow (
    rule    TEXT   not null,
    version TEXT   not null,
    subject TEXT   not null,
    found   BIGINT not null,
    primary key (rule, version, subject)
);
