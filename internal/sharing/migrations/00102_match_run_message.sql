-- +goose Up
create index sharing_match_run_message on sharing_match_run (message);
