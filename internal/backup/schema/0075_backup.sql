-- +goose Up
-- Each backup that was made, and when somebody last tried to restore it and could.
create table backup_made (
	id          text   primary key,
	at          text   not null,
	newest      text   not null, -- the moment of the newest saved answer in it; '' when there was none
	bytes       bigint not null,
	verified_at text   not null default ''
);
