-- +goose Up
create table links_due (
    domain TEXT   not null,
    item   TEXT   not null,
    marked BIGINT not null,
    primary key (domain, item)
);
