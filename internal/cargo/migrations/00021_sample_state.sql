-- +goose Up
create index cargo_sample_state on cargo_sample (state, at, consignment);
