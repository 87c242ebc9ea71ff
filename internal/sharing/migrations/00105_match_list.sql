-- +goose Up
create table sharing_match_list (
    agreement text   not null,
    share     text   not null,
    epoch     text   not null,
    part      bigint not null,
    parts     bigint not null,
    size      bigint not null,
    pk        bytea  not null,
    profile   text   not null,
    rules     text   not null,
    issued    bigint not null,
    erase_at  bigint not null,
    primary key (agreement, share, epoch, part)
);
