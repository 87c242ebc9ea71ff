-- +goose Up
create table cargo_thread (
    consignment text   not null,
    id          text   not null, -- in the order of time
    referral    text   not null default '',
    body        text   not null, -- Line
    primary key (consignment, id)
);
