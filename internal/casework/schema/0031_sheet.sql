-- +goose Up
-- A sheet is one filled form of the pack: the child once, a person once for each. A guarded one, such as the placement,
-- is opened by a page of its own, with a reason, and by no other.
create table sheet (
	id text primary key,
	casefile text not null references casefile (id),
	form text not null,
	source text not null default '',
	guarded bigint not null default 0,
	created_at text not null,
	created_by text not null,
	retired_at text not null default '',
	retired_by text not null default '',
	version bigint not null default 0,
	body bytea not null
);
create index sheet_case on sheet (casefile, form, id);

-- Versions of an answer are added, never changed: standing alone says which of them nobody has replaced yet.
create table answer (
	id text primary key,
	casefile text not null references casefile (id),
	sheet text not null references sheet (id),
	question text not null,
	version bigint not null,
	over text not null,
	author text not null,
	source text not null default '',
	written_at text not null,
	pack text not null,
	form_version bigint not null,
	state text not null,
	standing bigint not null,
	body bytea not null
);
create unique index answer_version on answer (sheet, question, version);
create index answer_standing on answer (casefile, standing, sheet, question);
