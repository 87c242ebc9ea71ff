-- +goose Up
create table cargo_question (
    consignment text not null primary key,
    body        text not null -- Question
);
