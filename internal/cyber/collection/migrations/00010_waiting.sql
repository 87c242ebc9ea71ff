-- +goose Up
-- Envelopes that were answered "pending", until they are done.
create table taxii_waiting (
    status text   not null,
    part   bigint not null,
    raw    bytea  not null,
    primary key (status, part)
);
