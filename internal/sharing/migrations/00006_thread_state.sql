-- +goose Up
create index sharing_thread_state on sharing_thread (state, due);
