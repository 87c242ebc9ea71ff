-- +goose Up
create table post_contact (
    party      TEXT    not null primary key,
    seen       BIGINT  not null,
    tried      BIGINT  not null,
    trouble    TEXT    not null,
    clock_off  BIGINT  not null,
    agreements TEXT    not null,
    greeted    BIGINT  not null,
    witnessed  BIGINT  not null,
    disagrees  BOOLEAN not null
);
