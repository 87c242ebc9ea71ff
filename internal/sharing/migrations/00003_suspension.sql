-- +goose Up
create table sharing_suspension (
    agreement text   not null,
    share     text   not null,
    party     text   not null,
    id        text   not null,
    cause     text   not null,
    reason    text   not null,
    receiving boolean not null,
    placed_by text   not null,
    at        bigint not null,
    primary key (agreement, share, party)
);
