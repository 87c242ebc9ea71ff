-- +goose Up
create index sharing_record_thread on sharing_record (thread);
