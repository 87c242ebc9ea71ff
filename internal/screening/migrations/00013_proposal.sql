-- +goose Up
-- Entries that people propose by hand, and what a second person made of it. state: 0 open, 1 approved, 2 denied, 3 withdrawn.
create table screening_proposal (
    id       TEXT   not null primary key,
    list     TEXT   not null,
    entry    TEXT   not null,
    state    BIGINT not null,
    proposed BIGINT not null,
    actor    TEXT   not null,
    decided  BIGINT not null,
    decider  TEXT   not null,
    body     TEXT   not null
);
create index screening_proposal_list on screening_proposal (list, state, proposed);
