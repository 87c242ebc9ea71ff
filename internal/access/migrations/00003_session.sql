-- +goose Up
create table access_session (
    hash    TEXT   not null primary key,
    account TEXT   not null,
    seen    BIGINT not null,
    ends    BIGINT not null
);
