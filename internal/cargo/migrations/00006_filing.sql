-- +goose Up
create table cargo_filing (
    consignment text   not null,
    id          text   not null,
    body        text   not null, -- Filing
    primary key (consignment, id)
);
