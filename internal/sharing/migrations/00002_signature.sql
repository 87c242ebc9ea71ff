-- +goose Up
create table sharing_signature (
    agreement text   not null,
    digest    text   not null,
    party     text   not null,
    authority text   not null,
    jws       text   not null,
    signed_by text   not null,
    at        bigint not null,
    primary key (agreement, digest, party)
);
