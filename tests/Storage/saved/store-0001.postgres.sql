-- The first schema with a few rows, as saved when it was current.
-- Text compares by code point (collation "C"), as in SQLite, whatever the database's own collation; instants are milliseconds.

create table state (
  kind text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  body bytea not null,
  tenant_id uuid,
  primary key (kind, id)
);
create index state_tenant on state (tenant_id) where tenant_id is not null;

create table claim (
  scope text collate "C" not null,
  name text collate "C" not null,
  owner text collate "C" not null,
  tenant_id uuid,
  primary key (scope, name)
);
create index claim_tenant on claim (tenant_id) where tenant_id is not null;

-- One row: the number of configuration commits so far.
create table configuration_version (
  single integer primary key check (single = 1),
  version bigint not null
);
insert into configuration_version (single, version) values (1, 0);

-- The newest configuration commit that touched each state row.
create table configuration_change (
  kind text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  primary key (kind, id)
);
create index configuration_change_version on configuration_change (version);

create table outbox (
  id uuid not null primary key,
  queue text collate "C" not null,
  subject text collate "C" not null,
  tenant_id uuid,
  due bigint not null,
  attempts bigint not null,
  body bytea not null,
  insert_instant bigint not null
);
create index outbox_due on outbox (queue, due);
create index outbox_subject on outbox (queue, subject, id);
create index outbox_tenant on outbox (tenant_id) where tenant_id is not null;

create table reminder (
  grain_type text collate "C" not null,
  grain_key text collate "C" not null,
  name text collate "C" not null,
  first_tick bigint not null,
  period bigint not null,
  next_due bigint not null,
  primary key (grain_type, grain_key, name)
);

create table user_search (
  id uuid not null primary key,
  tenant_id uuid not null,
  active boolean not null,
  email text collate "C",
  username text collate "C",
  username_lower text collate "C",
  unique_username text collate "C",
  phone text collate "C",
  first_name text collate "C",
  first_name_lower text collate "C",
  last_name text collate "C",
  last_name_lower text collate "C",
  full_name text collate "C",
  full_name_lower text collate "C",
  mobile_phone text collate "C",
  birth_date text collate "C",
  login text collate "C",
  verified boolean,
  data_text text collate "C",
  insert_instant bigint not null,
  last_update_instant bigint,
  last_login_instant bigint,
  expiry bigint
);
create index user_search_email on user_search (tenant_id, email, id);
create index user_search_username on user_search (tenant_id, username_lower, id);
create index user_search_full_name on user_search (tenant_id, full_name_lower, id);
create index user_search_login on user_search (tenant_id, login, id);
create index user_search_insert_instant on user_search (tenant_id, insert_instant, id);
create index user_search_last_login_instant on user_search (tenant_id, last_login_instant, id);
create index user_search_all on user_search (insert_instant, id);

create table user_registration (
  user_id uuid not null,
  application_id uuid not null,
  tenant_id uuid not null,
  id uuid not null,
  roles text collate "C",
  insert_instant bigint not null,
  last_login_instant bigint,
  primary key (user_id, application_id)
);
create index user_registration_application on user_registration (application_id, insert_instant);
create index user_registration_tenant on user_registration (tenant_id);

create table group_member (
  id uuid not null primary key,
  group_id uuid not null,
  user_id uuid not null,
  tenant_id uuid not null,
  data text collate "C",
  insert_instant bigint not null
);
create unique index group_member_once on group_member (group_id, user_id);
create index group_member_user on group_member (user_id);
create index group_member_tenant on group_member (tenant_id);

create table refresh_token (
  id uuid not null primary key,
  user_id uuid not null,
  application_id uuid,
  tenant_id uuid not null,
  session_kind text collate "C" not null,
  insert_instant bigint not null,
  start_instant bigint,
  expires_at bigint
);
create index refresh_token_user on refresh_token (user_id);
create index refresh_token_application on refresh_token (application_id) where application_id is not null;
create index refresh_token_tenant on refresh_token (tenant_id);
create index refresh_token_expires_at on refresh_token (expires_at);

create table login_record (
  id uuid not null primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  application_id uuid,
  login_id text collate "C",
  ip_address text collate "C",
  instant bigint not null
);
create index login_record_instant on login_record (instant);
create index login_record_user on login_record (user_id, instant);
create index login_record_application on login_record (application_id, instant) where application_id is not null;
create index login_record_tenant on login_record (tenant_id, instant);

create table audit_log (
  seq bigint not null generated always as identity unique,
  id uuid not null primary key,
  insert_user text collate "C",
  message text collate "C",
  reason text collate "C",
  old_value text collate "C",
  new_value text collate "C",
  data text collate "C",
  tenant_id uuid,
  instant bigint not null
);
create index audit_log_instant on audit_log (instant);
create index audit_log_tenant on audit_log (tenant_id) where tenant_id is not null;

create table event_log (
  seq bigint not null generated always as identity unique,
  id uuid not null primary key,
  type text collate "C" not null,
  message text collate "C",
  instant bigint not null
);
create index event_log_instant on event_log (instant);

create table user_comment (
  id uuid not null primary key,
  user_id uuid not null,
  commenter_id uuid,
  tenant_id uuid not null,
  comment text collate "C" not null,
  insert_instant bigint not null
);
create index user_comment_user on user_comment (user_id, insert_instant);
create index user_comment_tenant on user_comment (tenant_id);

create table if not exists schema_version (number integer not null primary key, name text not null);
insert into schema_version values (1, '0001_foundation.sql');
insert into state (kind,id,version,body,tenant_id) values ('user','ada',7,'\x7b226e616d65223a2241646120f09fa68a227d','01020304-0506-0708-090a-0b0c0d0e0f10');
insert into claim values ('login/t','ada@example.com','ada','01020304-0506-0708-090a-0b0c0d0e0f10');
update configuration_version set version = 3;
insert into configuration_change (kind,id,version) values ('user','ada',3), ('theme','gone',1);
insert into user_search (id,tenant_id,active,email,username,username_lower,insert_instant) values ('01020304-0506-0708-090a-0b0c0d0e0f10','01020304-0506-0708-090a-0b0c0d0e0f10',true,'ada@example.com','Ada','ada',42);
