-- +goose Up
create table cyber_log (
    report     text   not null primary key,
    filer      text   not null,
    format     text   not null,
    received   bigint not null,
    lines      bigint not null,
    unread     bigint not null,
    matched    bigint not null,
    indicators bigint not null,
    hosts      bigint not null,
    first      bigint not null default 0,
    last       bigint not null default 0
);
