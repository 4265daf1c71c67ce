-- when a channel was last asked whether it still works, and what it may be asked
alter table channel add column checked_at text;
alter table channel add column check_due_at text;          -- null: at the next sweep
alter table channel add column polls text not null default 'auto' check (polls in ('auto', 'on', 'off'));
alter table channel add column poll_cost real not null default 0;    -- US dollars since it was connected
alter table channel add column renew_error text;
