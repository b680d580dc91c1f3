-- +goose Up
-- What a note says, and when what it tells happened, stands in sealed versions, which are added and never changed.
create table note (
	id text primary key,
	casefile text not null references casefile (id),
	author text not null,
	written_at text not null,
	once text not null,
	version bigint not null
);
create unique index note_once on note (casefile, author, once);
create index note_case on note (casefile, written_at, id);

create table note_version (
	note text not null references note (id),
	casefile text not null references casefile (id),
	version bigint not null,
	author text not null,
	written_at text not null,
	source text not null,
	once text not null,
	body bytea not null,
	primary key (note, version)
);
create unique index note_version_once on note_version (note, author, once);
create index note_version_case on note_version (casefile, note, version);

-- What somebody is writing, until they put it into the record. Only they see it.
create table note_draft (
	once text primary key,
	casefile text not null references casefile (id),
	author text not null,
	note text not null,
	base bigint not null,
	saved_at text not null,
	version bigint not null,
	body bytea not null
);
create index note_draft_author on note_draft (casefile, author, note);
