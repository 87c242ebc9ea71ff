-- +goose Up
-- What the last versions of a list added, changed and removed.
create table screening_list_change (
    list       TEXT   not null,
    generation BIGINT not null,
    loaded     BIGINT not null,
    actor      TEXT   not null,
    body       TEXT   not null,
    primary key (list, generation)
);
