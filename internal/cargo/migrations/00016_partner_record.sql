-- +goose Up
create index cargo_partner_record on cargo_partner (record);
