-- which tenant an account belongs to, where one app of this installation serves several
create table account (
    platform text not null,
    external_id text not null,
    tenant_id text not null references tenant (id) on delete cascade,
    primary key (platform, external_id)
) strict, without rowid;
