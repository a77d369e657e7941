-- Text compares by code point; instants are milliseconds.

-- What searches of entities and the look-up of a client read. The stamp is new with every write.
create table entity (
  id uuid not null primary key,
  tenant_id uuid not null,
  type_id uuid not null,
  parent_id uuid,
  client_id text collate "C" not null,
  name text collate "C" not null,
  name_lower text collate "C",
  data_text text collate "C",
  stamp uuid not null,
  insert_instant bigint not null,
  last_update_instant bigint not null
);
create index entity_client on entity (client_id);
create index entity_name on entity (tenant_id, name_lower, id);
create index entity_insert_instant on entity (tenant_id, insert_instant, id);
create index entity_all on entity (insert_instant, id);
create index entity_type on entity (type_id);
create index entity_parent on entity (parent_id) where parent_id is not null;

-- Who was granted something on which entity. A recipient is a user or an entity.
create table entity_grant (
  entity_id uuid not null,
  to_user boolean not null,
  recipient_id uuid not null,
  tenant_id uuid not null,
  id uuid not null,
  data text collate "C",
  insert_instant bigint not null,
  last_update_instant bigint not null,
  primary key (entity_id, to_user, recipient_id)
);
create index entity_grant_recipient on entity_grant (recipient_id, to_user);
create index entity_grant_tenant on entity_grant (tenant_id, insert_instant);

-- The permissions of each grant.
create table entity_grant_permission (
  entity_id uuid not null,
  to_user boolean not null,
  recipient_id uuid not null,
  permission_id uuid not null,
  tenant_id uuid not null,
  primary key (entity_id, to_user, recipient_id, permission_id)
);
create index entity_grant_permission_recipient on entity_grant_permission (recipient_id, to_user);
create index entity_grant_permission_permission on entity_grant_permission (permission_id);
create index entity_grant_permission_tenant on entity_grant_permission (tenant_id);
