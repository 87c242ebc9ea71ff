-- +goose Up
create unique index sharing_match_run_claim on sharing_match_run (claim);
