-- +goose Up
create table post_certificate (
    serial  TEXT    not null primary key,
    root    BOOLEAN not null,
    pem     TEXT    not null,
    private BYTEA   not null,
    made    BIGINT  not null,
    until   BIGINT  not null
);
