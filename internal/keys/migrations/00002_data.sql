-- +goose Up
create table keys_data (
    class   TEXT   not null,
    day     BIGINT not null,
    wrapped BYTEA  not null,
    primary key (class, day)
);
