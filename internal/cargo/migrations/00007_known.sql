-- +goose Up
create table cargo_known (
    value bigint not null primary key, -- hash of a party, a pair, an address
    body  bytea  not null              -- known
);
