-- +goose Up
create table sharing_approval (
    thread  text    not null,
    stage   text    not null,
    person  text    not null,
    role    text    not null,
    approve boolean not null,
    reason  text    not null,
    at      bigint  not null,
    primary key (thread, stage, person)
);
