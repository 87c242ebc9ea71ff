-- +goose Up
create table funds_party (
    id      text   not null primary key,
    version bigint not null,
    kind    text   not null,            -- person, organisation, account
    folded  text   not null default '',
    body    text   not null             -- Party: its facets
);
