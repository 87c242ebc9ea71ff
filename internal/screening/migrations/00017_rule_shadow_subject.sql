-- +goose Up
create index screening_rule_shadow_subject on screening_rule_shadow (subject);
