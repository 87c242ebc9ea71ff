-- +goose Up
-- What is there of an object, by its name. version is twice its instant, and one more for STIX 2.1; the instant is 0 for
-- an object that has none. The key begins with the name: PostgreSQL, while it has no statistics, would look through the
-- whole collection otherwise. others is what taxii_shadow has of it, empty where that has nothing.
create table taxii_version (
    collection bigint not null,
    name       bytea  not null,
    version    bigint not null,
    added      bigint not null,
    level      bigint not null,
    digest     bigint not null,
    others     bytea  not null default '',
    primary key (name, collection, version)
);
