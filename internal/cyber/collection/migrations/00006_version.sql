-- +goose Up
-- What is there of an object, by its name. version is an instant, 0 for an object that has none.
create table taxii_version (
    collection bigint not null,
    name       bytea  not null,
    version    bigint not null,
    spec       bigint not null,
    added      bigint not null,
    level      bigint not null,
    digest     bytea  not null,
    primary key (collection, name, version, spec)
);
