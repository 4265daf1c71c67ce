create table second_factor (                   -- its secret is sealed in hub_secret, as second-factor/<user_id>
    user_id integer primary key references user (id) on delete cascade,
    confirmed_at text,                         -- null: shown, and no code of it was given yet
    last_step integer not null default 0       -- the half minute of the last code taken: none is taken twice
) strict;

create table recovery_code (
    id text primary key,                       -- sha-256 of the code, which is 80 bits of chance
    user_id integer not null references user (id) on delete cascade
) strict;
create index recovery_code_user on recovery_code (user_id);

create table half_session (                    -- the password was right, the code is waited for
    id text primary key,                       -- sha-256 of the token in the page
    user_id integer not null references user (id) on delete cascade,
    expires_at text not null
) strict;
