-- +goose Up
-- Of objects that have more than one version: which others stand before and after.
create table taxii_shadow (
    collection bigint not null,
    added      bigint not null,
    others     bytea  not null,
    primary key (collection, added)
);
