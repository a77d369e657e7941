-- Uuids are 16 bytes, most significant first, so they sort as in PostgreSQL; booleans are 0 and 1; instants are milliseconds.

create table state (
  kind text not null,
  id text not null,
  version integer not null,
  body blob not null,
  tenant_id blob,
  primary key (kind, id)
);
create index state_tenant on state (tenant_id) where tenant_id is not null;

create table claim (
  scope text not null,
  name text not null,
  owner text not null,
  tenant_id blob,
  primary key (scope, name)
) without rowid;
create index claim_tenant on claim (tenant_id) where tenant_id is not null;

-- One row: the number of configuration commits so far.
create table configuration_version (
  single integer primary key check (single = 1),
  version integer not null
);
insert into configuration_version (single, version) values (1, 0);

-- The newest configuration commit that touched each state row.
create table configuration_change (
  kind text not null,
  id text not null,
  version integer not null,
  primary key (kind, id)
) without rowid;
create index configuration_change_version on configuration_change (version);

create table outbox (
  id blob not null primary key,
  queue text not null,
  subject text not null,
  tenant_id blob,
  due integer not null,
  attempts integer not null,
  body blob not null,
  insert_instant integer not null
);
create index outbox_due on outbox (queue, due);
create index outbox_subject on outbox (queue, subject, id);
create index outbox_tenant on outbox (tenant_id) where tenant_id is not null;

create table reminder (
  grain_type text not null,
  grain_key text not null,
  name text not null,
  first_tick integer not null,
  period integer not null,
  next_due integer not null,
  primary key (grain_type, grain_key, name)
) without rowid;

create table user_search (
  id blob not null primary key,
  tenant_id blob not null,
  active integer not null,
  email text,
  username text,
  username_lower text,
  unique_username text,
  phone text,
  first_name text,
  first_name_lower text,
  last_name text,
  last_name_lower text,
  full_name text,
  full_name_lower text,
  mobile_phone text,
  birth_date text,
  login text,
  verified integer,
  data_text text,
  insert_instant integer not null,
  last_update_instant integer,
  last_login_instant integer,
  expiry integer
);
create index user_search_email on user_search (tenant_id, email, id);
create index user_search_username on user_search (tenant_id, username_lower, id);
create index user_search_full_name on user_search (tenant_id, full_name_lower, id);
create index user_search_login on user_search (tenant_id, login, id);
create index user_search_insert_instant on user_search (tenant_id, insert_instant, id);
create index user_search_last_login_instant on user_search (tenant_id, last_login_instant, id);
create index user_search_all on user_search (insert_instant, id);

create table user_registration (
  user_id blob not null,
  application_id blob not null,
  tenant_id blob not null,
  id blob not null,
  roles text,
  insert_instant integer not null,
  last_login_instant integer,
  primary key (user_id, application_id)
) without rowid;
create index user_registration_application on user_registration (application_id, insert_instant);
create index user_registration_tenant on user_registration (tenant_id);

create table group_member (
  id blob not null primary key,
  group_id blob not null,
  user_id blob not null,
  tenant_id blob not null,
  data text,
  insert_instant integer not null
);
create unique index group_member_once on group_member (group_id, user_id);
create index group_member_user on group_member (user_id);
create index group_member_tenant on group_member (tenant_id);

create table refresh_token (
  id blob not null primary key,
  user_id blob not null,
  application_id blob,
  tenant_id blob not null,
  session_kind text not null,
  insert_instant integer not null,
  start_instant integer,
  expires_at integer
);
create index refresh_token_user on refresh_token (user_id);
create index refresh_token_application on refresh_token (application_id) where application_id is not null;
create index refresh_token_tenant on refresh_token (tenant_id);
create index refresh_token_expires_at on refresh_token (expires_at);

create table login_record (
  id blob not null primary key,
  tenant_id blob not null,
  user_id blob not null,
  application_id blob,
  login_id text,
  ip_address text,
  instant integer not null
);
create index login_record_instant on login_record (instant);
create index login_record_user on login_record (user_id, instant);
create index login_record_application on login_record (application_id, instant) where application_id is not null;
create index login_record_tenant on login_record (tenant_id, instant);

create table audit_log (
  seq integer primary key autoincrement,
  id blob not null unique,
  insert_user text,
  message text,
  reason text,
  old_value text,
  new_value text,
  data text,
  tenant_id blob,
  instant integer not null
);
create index audit_log_instant on audit_log (instant);
create index audit_log_tenant on audit_log (tenant_id) where tenant_id is not null;

create table event_log (
  seq integer primary key autoincrement,
  id blob not null unique,
  type text not null,
  message text,
  instant integer not null
);
create index event_log_instant on event_log (instant);

create table user_comment (
  id blob not null primary key,
  user_id blob not null,
  commenter_id blob,
  tenant_id blob not null,
  comment text not null,
  insert_instant integer not null
);
create index user_comment_user on user_comment (user_id, insert_instant);
create index user_comment_tenant on user_comment (tenant_id);
