-- an owner is on the way to a platform and back, to connect an account: once, within ten minutes
create table oauth_attempt (
    id integer primary key,
    state_digest blob not null unique,         -- sha-256 of what travels to the platform and back
    proof_digest blob,                         -- sha-256 of what only the browser has that came back
    platform text not null,
    user_id integer not null,
    back text not null,                        -- the origin of the page it began on
    redirect text not null,                    -- where the platform sends the browser
    sealed blob,                               -- the verifier, later the accounts with their tokens
    created_at text not null,
    expires_at text not null
) strict;
create index oauth_attempt_expiry on oauth_attempt (expires_at);
