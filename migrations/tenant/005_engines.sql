-- what was sent to a language model outside: the ledger of everything that left this machine to be written
create table engine_call (
    id integer primary key,
    at text not null,
    host text not null,
    model text not null,
    purpose text not null,
    fields text not null,                      -- JSON list: the parts of the prompt that were sent
    masked text not null,                      -- JSON: how many values of each kind were not
    bytes_out integer not null,
    bytes_in integer not null,
    tokens_in integer not null,
    tokens_out integer not null,
    ms real not null,
    outcome text not null check (outcome in ('written', 'failed', 'cancelled', 'late')),
    error text not null default ''
) strict;
create index engine_call_at on engine_call (at);
