-- +goose Up
create table casework_case (
    id         text    not null primary key,
    number     bigint  not null,
    domain     text    not null,
    subject    text    not null,
    holder     text    not null,
    state      text    not null,
    severity   bigint  not null,
    title      text    not null,
    context    text    not null,
    sought     text    not null,
    kind       text    not null,
    findings   bigint  not null,
    opened     bigint  not null,
    due        bigint  not null,
    claimed_by text    not null,
    claimed_at bigint  not null,
    outcome    text    not null,
    closed     bigint  not null,
    version    bigint  not null
);
