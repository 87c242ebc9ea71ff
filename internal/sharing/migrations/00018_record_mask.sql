-- +goose Up
create index sharing_record_mask on sharing_record (mask_at);
