-- +goose Up
create index cargo_shipment_date on cargo_shipment (date, flight);
