-- +goose Up
-- Blind indexes: marks by which a child is found without a name or a birth date being in the database.
create table lookup (
	mark bytea not null,
	casefile text not null references casefile (id),
	sheet text not null,
	primary key (mark, casefile, sheet)
);
create index lookup_sheet on lookup (sheet);

-- How often somebody asked whether a child has a record already.
create table lookup_asked (
	person text not null,
	hour text not null,
	times bigint not null,
	primary key (person, hour)
);

-- Two cases that may be about one child, until somebody has asked the other team.
create table maybe_same (
	casefile text not null references casefile (id),
	other text not null references casefile (id),
	found_at text not null,
	found_by text not null,
	settled_at text not null default '',
	settled_by text not null default '',
	outcome text not null default '',
	primary key (casefile, other)
);
