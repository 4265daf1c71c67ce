-- what a contact told of themselves, or a person wrote down of them
create table detail (
    id integer primary key,
    contact_id integer not null references contact (id) on delete cascade,
    kind text not null check (kind in ('name', 'order_number', 'preference')),
    value text not null,
    message_id integer references message (id) on delete cascade,  -- where they told it
    user_id integer,                           -- who wrote or changed it
    created_at text not null,
    unique (contact_id, kind, value)
) strict;
create index detail_message on detail (message_id) where message_id is not null;
alter table contact add column forgotten_at text;          -- nothing said before this is remembered

-- what was said before the messages that a turn reads, in short
create table recap (
    conversation_id integer primary key references conversation (id) on delete cascade,
    due integer not null default 1 check (due in (0, 1)),
    lines text not null default '[]',          -- JSON: what tells most, oldest first
    until_at text not null default '',         -- the last message that was looked at
    until_id integer not null default 0,
    text text not null default '',             -- a language model's words for it; '': the lines are all
    text_until_id integer not null default 0   -- the last line that is in them
) strict;
create index recap_due on recap (conversation_id) where due;
