-- +goose Up
create table casework_identity (
    identity text   not null,
    case_id  text   not null,
    primary key (identity, case_id)
);
