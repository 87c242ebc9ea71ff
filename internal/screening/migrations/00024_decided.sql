-- +goose Up
-- Name matches on which somebody decided: how alike they were and what they turned out to be. Neither who nor which entry
-- is kept: this is for choosing thresholds, and nothing else can be done with it.
create table screening_decided (
    list    TEXT   not null,
    id      TEXT   not null,
    score   BIGINT not null,
    same    BIGINT not null,
    outcome TEXT   not null,
    day     TEXT   not null,
    primary key (list, id)
);
