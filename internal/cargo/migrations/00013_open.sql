-- +goose Up
-- What the referral desk has open, of all that was ever filed.
create index cargo_consignment_open on cargo_consignment (state) where (state in ('referred', 'rfi', 'rfs', 'dnl') or hold <> '');
