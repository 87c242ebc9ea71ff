-- +goose Up
create index sharing_match_run_state on sharing_match_run (state, begun_at);
