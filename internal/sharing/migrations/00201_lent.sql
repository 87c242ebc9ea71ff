-- +goose Up
-- What of our lists the partner has: entry by entry, as it was when it left.
create table sharing_lent (
    agreement text   not null,
    share     text   not null,
    item      text   not null,
    digest    text   not null,
    thread    text   not null,
    reference text   not null,
    at        bigint not null,
    primary key (agreement, share, item)
);
