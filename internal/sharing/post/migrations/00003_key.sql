-- +goose Up
create table post_key (
    authority  TEXT   not null,
    kid        TEXT   not null,
    purpose    TEXT   not null,
    public     TEXT   not null,
    private    BYTEA  not null,
    valid_from BIGINT not null,
    revoked_at BIGINT not null,
    primary key (authority, kid)
);
