-- +goose Up
create table post_out (
    sender   TEXT   not null,
    receiver TEXT   not null,
    seq      BIGINT not null,
    id       TEXT   not null,
    thread   TEXT   not null,
    type     TEXT   not null,
    digest   TEXT   not null,
    state    BIGINT not null,
    made     BIGINT not null,
    sealed   BIGINT not null,
    expires  BIGINT not null,
    ended    BIGINT not null,
    code     TEXT   not null,
    bytes    BYTEA  not null,
    primary key (sender, receiver, seq)
);
