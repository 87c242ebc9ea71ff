-- +goose Up
create index sharing_record_reference on sharing_record (reference);
