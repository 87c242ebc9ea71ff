-- +goose Up
create table post_head (
    party  TEXT    not null,
    size   BIGINT  not null,
    root   TEXT    not null,
    at     BIGINT  not null,
    note   TEXT    not null,
    came   BIGINT  not null,
    proved BOOLEAN not null,
    primary key (party, size, root)
);
