-- +goose Up
create index cargo_shipment_ahead on cargo_shipment (ahead);
