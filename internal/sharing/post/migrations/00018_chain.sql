-- +goose Up
create table post_chain (
    sender   TEXT   not null,
    receiver TEXT   not null,
    seq      BIGINT not null,
    digest   TEXT   not null,
    gap      BIGINT not null,
    primary key (sender, receiver)
);
