-- +goose Up
-- A case holds codes only. What is personal stands in sealed bodies, each under the case's own key.
create table casefile (
	id text primary key,
	ref text not null unique,
	team text not null,
	owner text not null,
	state text not null,
	restricted bigint not null default 0,
	opened_at text not null,
	opened_by text not null,
	once text not null,
	first_day_at text not null default '',
	first_day_by text not null default '',
	headline_version bigint not null,
	headline bytea not null
);
create unique index casefile_once on casefile (opened_by, once);
create index casefile_team on casefile (team, state, id);
create index casefile_owner on casefile (owner, state, id);

-- Whoever stands here does not see the case, whatever team they are in.
create table case_excluded (
	casefile text not null references casefile (id),
	person text not null,
	since text not null,
	by_person text not null,
	primary key (casefile, person)
);
