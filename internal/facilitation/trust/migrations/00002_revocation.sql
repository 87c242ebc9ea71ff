-- +goose Up
-- Revocation lists, the latest of each authority.
create table trust_revocation (
    authority text   not null primary key, -- its key's identifier, or its name where the list has none
    source    text   not null,
    added     bigint not null,
    actor     text   not null,
    bytes     bytea  not null
);
