-- +goose Up
-- Where a list is fetched from, and how that went. due, owner and until are the lease of the node that fetches.
create table screening_list_source (
    name      TEXT   not null primary key,
    body      TEXT   not null,
    actor     TEXT   not null,
    changed   BIGINT not null,
    due       BIGINT not null,
    owner     TEXT   not null,
    until     BIGINT not null,
    tried     BIGINT not null,
    succeeded BIGINT not null,
    failures  BIGINT not null,
    state     TEXT   not null
);
