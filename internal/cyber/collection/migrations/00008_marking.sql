-- +goose Up
-- What marking definitions of a collection say of TLP; 0 is nothing.
create table taxii_marking (
    collection bigint not null,
    id         text   not null,
    level      bigint not null,
    primary key (collection, id)
);
