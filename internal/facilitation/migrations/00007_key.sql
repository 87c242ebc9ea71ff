-- +goose Up
-- By what those are found to whom something was granted: document, number, name with birth date; digests only.
create table facilitation_key (
    key         text not null,
    application text not null,
    primary key (key, application)
);
