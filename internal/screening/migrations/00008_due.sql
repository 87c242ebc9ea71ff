-- +goose Up
create table screening_due (
    domain  TEXT   not null,
    subject TEXT   not null,
    mark    BIGINT not null,
    owner   TEXT   not null,
    until   BIGINT not null,
    primary key (domain, subject)
);
