create table hub_setting (                     -- what holds for the whole hub and not for one tenant
    name text primary key,
    value text not null
) strict;

create table hub_secret (
    name text primary key,
    sealed blob not null
) strict;
