-- questions the tenant keeps to try its answers with, each with what came of it when it was last asked
create table test_case (
    id integer primary key,
    question text not null,
    answerable integer not null check (answerable in (0, 1)),
    facts text not null,                       -- JSON list: what a right reply says
    must_not text not null,                    -- JSON list: what no reply may say
    article text not null,                     -- the title that holds the answer, or empty
    platform text not null,
    changed_at text not null,
    waits integer not null default 0 check (waits in (0, 1)),   -- to be asked by the next run
    verdict text                               -- JSON; null: not asked since it was changed
) strict;
create index test_case_waits on test_case (id) where waits;
