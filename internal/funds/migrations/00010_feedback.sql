-- +goose Up
create table funds_feedback (
    report text   not null,
    id     text   not null,
    at     bigint not null,
    author text   not null,
    words  text   not null,
    primary key (report, id)
);
