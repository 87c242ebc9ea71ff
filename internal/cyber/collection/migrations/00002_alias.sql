-- +goose Up
create unique index taxii_collection_alias on taxii_collection (alias) where alias <> '';
