-- +goose Up
-- What a file is called and what it shows stands in the sealed body; its bytes, sealed too, in the folder of attachments
-- under the id. kind, state and scan are codes.
create table attachment (
	id text primary key,
	casefile text not null references casefile (id),
	author text not null,
	added_at text not null,
	once text not null,
	kind text not null,
	size bigint not null,
	state text not null,
	scan text not null,
	scanned_at text not null default '',
	body bytea not null
);
create unique index attachment_once on attachment (casefile, author, once);
create index attachment_case on attachment (casefile, added_at, id);
create index attachment_state on attachment (state, id);
