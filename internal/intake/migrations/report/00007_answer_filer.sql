-- +goose Up
create index intake_answer_filer on intake_answer (filer, number);
