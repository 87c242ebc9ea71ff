-- +goose Up
-- Known defects of issuers' documents that are passed over until a day.
create table trust_waiver (
    id      text   not null primary key,
    country text   not null,
    defect  text   not null, -- the code of the remark
    reason  text   not null,
    until   bigint not null,
    actor   text   not null
);
