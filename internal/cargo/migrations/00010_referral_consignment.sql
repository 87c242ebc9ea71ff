-- +goose Up
create index cargo_referral_consignment on cargo_referral (consignment);
