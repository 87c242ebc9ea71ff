-- +goose Up
-- Who applied, and by which application: by document, and by name with birth date; digests only.
create table facilitation_person (
    key         text not null,
    application text not null,
    primary key (key, application)
);
