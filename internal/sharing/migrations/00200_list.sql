-- +goose Up
-- The lists of this node whose entries may be given under a share, as a supervisor said.
create table sharing_list (
    agreement text   not null,
    share     text   not null,
    list      text   not null,
    placed_by text   not null,
    at        bigint not null,
    primary key (agreement, share, list)
);
