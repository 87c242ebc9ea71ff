-- +goose Up
create table taxii_grant (
    collection text    not null,
    grantee    text    not null,
    reads      boolean not null,
    writes     boolean not null,
    deletes    boolean not null,
    ceiling    bigint  not null,
    agreement  text    not null,
    primary key (collection, grantee, agreement)
);
