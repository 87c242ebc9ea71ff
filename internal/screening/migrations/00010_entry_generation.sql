-- +goose Up
-- The generation under which an entry last changed, and those that left: what a node needs to bring an older one up to date.
alter table screening_entry add column generation BIGINT not null default 0;
create index screening_entry_generation on screening_entry (generation);
create table screening_entry_gone (
    list       TEXT   not null,
    entry      TEXT   not null,
    generation BIGINT not null,
    primary key (list, entry)
);
create index screening_entry_gone_generation on screening_entry_gone (generation);
