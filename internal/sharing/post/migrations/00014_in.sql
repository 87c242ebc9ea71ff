-- +goose Up
create table post_in (
    sender   TEXT   not null,
    receiver TEXT   not null,
    seq      BIGINT not null,
    id       TEXT   not null,
    thread   TEXT   not null,
    type     TEXT   not null,
    digest   TEXT   not null,
    prev     TEXT   not null,
    state    BIGINT not null,
    came     BIGINT not null,
    ended    BIGINT not null,
    code     TEXT   not null,
    attempts BIGINT not null,
    retry_at BIGINT not null,
    fault    TEXT   not null,
    bytes    BYTEA  not null,
    primary key (sender, receiver, seq)
);
