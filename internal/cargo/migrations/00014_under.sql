-- +goose Up
-- A house that bears a waybill's number: one forwarder's house that is another's master.
create table cargo_under (
    master      text not null, -- of the consolidation within, eleven digits
    shipment    text not null, -- that holds it
    consignment text not null, -- the house there
    primary key (master, consignment)
);
