-- +goose Up
-- Objects in the order they were added; last is the date_added of the last one of the block, least its loosest TLP.
create table taxii_block (
    collection bigint not null,
    last       bigint not null,
    objects    bigint not null,
    size       bigint not null,
    types      text   not null,
    least      bigint not null,
    heads      bytea  not null,
    bodies     bytea  not null,
    primary key (collection, last)
);
