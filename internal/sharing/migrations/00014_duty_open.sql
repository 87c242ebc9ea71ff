-- +goose Up
create index sharing_duty_open on sharing_duty (done_at, due);
