-- +goose Up
create index sharing_thread_forget on sharing_thread (forget_at);
