-- +goose Up
-- Entries are only ever added. The sequencer writes place once; nothing else is changed, and nothing is taken away.
create table audit_entry (
	id       text   primary key,
	at       text   not null,
	who      text   not null, -- the id of a person; '' is the program itself, or nobody yet
	act      text   not null,
	casefile text   not null, -- the id of a case, '' when there is none
	case_no  bigint not null, -- the case's own running number, from 1; 0 without a case
	about    text   not null, -- the id of what was seen or changed
	detail   bytea  not null, -- sealed by the room that wrote it
	digest   bytea  not null, -- SHA-256 of the sealed detail
	place    bigint           -- in the tree, from 0; null while it waits
);
create unique index audit_entry_place on audit_entry (place) where place is not null;
create index audit_entry_waiting on audit_entry (id) where place is null;
create unique index audit_entry_case on audit_entry (casefile, case_no) where casefile <> '';
create index audit_entry_taken on audit_entry (id) where act = 'log.checkpoint-taken';

-- The last running number of each case. Two who write about one case meet here; others never meet.
create table audit_case (
	casefile text   primary key,
	last     bigint not null
);

-- The tree: 256 hashes in a tile, as golang.org/x/mod/sumdb/tlog lays them out.
create table audit_tile (
	level  bigint not null,
	n      bigint not null,
	hashes bytea  not null,
	primary key (level, n)
);

-- One row: the newest signed checkpoint, and the sequencer that may write the next.
create table audit_head (
	one    bigint primary key check (one = 1),
	size   bigint not null,
	root   bytea  not null,
	signed text   not null, -- the checkpoint as a signed note; '' while the tree is empty
	holder text   not null, -- which sequencer; '' is none
	fence  bigint not null  -- rises with every change of the holder
);
insert into audit_head (one, size, root, signed, holder, fence) values (1, 0, '', '', '', 0);
