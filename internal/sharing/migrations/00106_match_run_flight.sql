-- +goose Up
create index sharing_match_run_flight on sharing_match_run (flight, begun_at);
