-- +goose Up
create table sharing_agreement (
    id          text    not null,
    digest      text    not null,
    version     bigint  not null,
    state       text    not null,
    body        bytea   not null,
    proposed_by text    not null,
    proposed_at bigint  not null,
    in_force_at bigint  not null,
    ended_at    bigint  not null,
    primary key (id, digest)
);
