-- +goose Up
create table cargo_known (
    value bigint not null primary key, -- hash of a party, a pair, an address
    version bigint not null,
    body  bytea  not null              -- known
);
