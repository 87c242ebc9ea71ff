-- +goose Up
-- Certificates that the operator trusts, or that descend from one of those.
create table trust_certificate (
    id     text   not null primary key, -- SHA-256 of its bytes
    kind   text   not null,
    source text   not null, -- the file it came in
    added  bigint not null,
    actor  text   not null, -- who loaded it
    bytes  bytea  not null
);
