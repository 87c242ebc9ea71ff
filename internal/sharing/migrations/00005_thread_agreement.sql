-- +goose Up
create index sharing_thread_agreement on sharing_thread (agreement, asked_at);
