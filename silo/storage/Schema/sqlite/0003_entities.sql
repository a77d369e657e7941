-- Uuids are 16 bytes, booleans 0 and 1, instants milliseconds.

-- What searches of entities and the look-up of a client read. The stamp is new with every write.
create table entity (
  id blob not null primary key,
  tenant_id blob not null,
  type_id blob not null,
  parent_id blob,
  client_id text not null,
  name text not null,
  name_lower text,
  data_text text,
  stamp blob not null,
  insert_instant integer not null,
  last_update_instant integer not null
);
create index entity_client on entity (client_id);
create index entity_name on entity (tenant_id, name_lower, id);
create index entity_insert_instant on entity (tenant_id, insert_instant, id);
create index entity_all on entity (insert_instant, id);
create index entity_type on entity (type_id);
create index entity_parent on entity (parent_id) where parent_id is not null;

-- Who was granted something on which entity. A recipient is a user or an entity.
create table entity_grant (
  entity_id blob not null,
  to_user integer not null,
  recipient_id blob not null,
  tenant_id blob not null,
  id blob not null,
  data text,
  insert_instant integer not null,
  last_update_instant integer not null,
  primary key (entity_id, to_user, recipient_id)
) without rowid;
create index entity_grant_recipient on entity_grant (recipient_id, to_user);
create index entity_grant_tenant on entity_grant (tenant_id, insert_instant);

-- The permissions of each grant.
create table entity_grant_permission (
  entity_id blob not null,
  to_user integer not null,
  recipient_id blob not null,
  permission_id blob not null,
  tenant_id blob not null,
  primary key (entity_id, to_user, recipient_id, permission_id)
) without rowid;
create index entity_grant_permission_recipient on entity_grant_permission (recipient_id, to_user);
create index entity_grant_permission_permission on entity_grant_permission (permission_id);
create index entity_grant_permission_tenant on entity_grant_permission (tenant_id);
