create table backup_run (
    id integer primary key,
    state text not null check (state in ('running', 'done', 'failed')),
    began_at text not null,
    ended_at text,
    name text not null default '',             -- of the file, where it was put
    place text not null,                       -- where that is, as JSON
    bytes integer not null default 0,
    error text not null default '',
    drill_began_at text,                       -- while it is being tried out
    checked_at text,                           -- when a drill brought it back whole
    check_error text not null default '',
    removed_at text                            -- when it was the oldest of too many
) strict;
create index backup_run_began on backup_run (began_at);
