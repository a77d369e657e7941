-- Identifiers that were handed out, by kind and hash: when their state row may be swept away.
create table identifier (
  id text not null primary key,
  tenant_id blob not null,
  expires_at integer not null
) without rowid;
create index identifier_expires_at on identifier (expires_at);
create index identifier_tenant on identifier (tenant_id);
