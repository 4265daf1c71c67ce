-- what a language model wrote, on this machine or outside, and what it cost at the prices of that day
create table writing (
    id integer primary key,
    at text not null,
    turn_id integer references turn (id) on delete set null,  -- the message it was for; null: for none
    purpose text not null,
    engine text not null,                      -- which weights, or the model's name at the endpoint
    place text not null check (place in ('here', 'outside', 'kept')),  -- kept: the same was written before
    tokens_in integer not null,
    tokens_out integer not null,
    ms real not null,
    dollars real not null
) strict;
create index writing_at on writing (at);
create index writing_turn on writing (turn_id) where turn_id is not null;

-- what was written for a question, as long as the knowledge is the same: asked again, it is not written again
create table kept_answer (
    digest blob primary key,                   -- of the prompt and of who writes
    knowledge text not null,                   -- its version
    answer text not null,                      -- JSON
    at text not null
) strict, without rowid;
