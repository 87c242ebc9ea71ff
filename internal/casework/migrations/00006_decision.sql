-- +goose Up
create table casework_decision (
    case_id text    not null,
    id      text    not null,
    outcome text    not null,
    reason  text    not null,
    decider text    not null,
    at      bigint  not null,
    state   text    not null,
    second  text    not null,
    answer  text    not null,
    second_at bigint not null,
    primary key (case_id, id)
);
