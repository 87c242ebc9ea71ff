-- +goose Up
create table cargo_consignment (
    id       text   not null primary key,
    shipment text   not null,
    house    text   not null,             -- as it is compared; '' is the master or a direct waybill
    state    text   not null,
    hold     text   not null default '',
    hash     bigint not null,             -- of the picture
    pieces   bigint not null,
    grams    bigint not null,
    gone     boolean not null,            -- cancelled
    roles    text   not null,             -- of its parties, the last digits of their subjects
    folded   text   not null,             -- numbers, names and goods in lower case: what search looks in
    standing text   not null,             -- Standing
    body     text   not null              -- Consignment
);
