-- +goose Up
create table funds_part (
    party    text   not null,
    happened bigint not null,
    entry    text   not null,
    kind     text   not null,            -- of the entry
    facet    text   not null,            -- what the entry says of the party, by its hash
    primary key (party, happened, entry)
);
