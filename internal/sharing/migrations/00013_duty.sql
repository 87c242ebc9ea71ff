-- +goose Up
create table sharing_duty (
    id        text   not null primary key,
    agreement text   not null,
    thread    text   not null,
    kind      text   not null,
    owed_by   text   not null,
    due       bigint not null,
    done_at   bigint not null,
    message   text   not null
);
