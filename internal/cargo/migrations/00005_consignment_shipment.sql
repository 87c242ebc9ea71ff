-- +goose Up
create index cargo_consignment_shipment on cargo_consignment (shipment);
