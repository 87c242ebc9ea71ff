-- +goose Up
create index casework_case_queue on casework_case (severity desc, due, number) where state <> 'closed';
