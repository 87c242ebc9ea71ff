-- +goose Up
create index casework_case_subject on casework_case (subject);
