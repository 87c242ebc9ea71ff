-- +goose Up
create index sharing_record_erase on sharing_record (state, erase_at);
