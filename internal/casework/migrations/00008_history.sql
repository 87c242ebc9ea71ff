-- +goose Up
create table casework_history (
    case_id text   not null,
    id      text   not null,
    at      bigint not null,
    actor   text   not null,
    what    text   not null,
    detail  text   not null,
    primary key (case_id, id)
);
