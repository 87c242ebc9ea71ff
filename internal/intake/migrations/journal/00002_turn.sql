-- +goose Up
create unique index intake_journal_turn on intake_journal (owner, lane, number);
