-- +goose Up
create table post_draft (
    sender     TEXT   not null,
    receiver   TEXT   not null,
    lane       BIGINT not null,
    number     BIGINT not null,
    id         TEXT   not null,
    thread     TEXT   not null,
    type       TEXT   not null,
    made       BIGINT not null,
    not_before BIGINT not null,
    expires    BIGINT not null,
    bytes      BYTEA  not null,
    primary key (sender, receiver, lane, number)
);
