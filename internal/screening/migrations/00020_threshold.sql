-- +goose Up
-- What a list's name matches are worth, in thousandths; a list that is not here has the usual ones.
create table screening_threshold (
    list    TEXT   not null primary key,
    look    BIGINT not null,
    alert   BIGINT not null,
    actor   TEXT   not null,
    changed BIGINT not null,
    reason  TEXT   not null
);
