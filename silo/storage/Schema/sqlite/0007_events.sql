-- What happened, who was told, and how each attempt to tell it ended.
create table webhook_event (
  seq integer primary key autoincrement,
  id blob not null unique,
  tenant_id blob,
  type text not null,
  subject text not null,
  linked_object_id blob,
  transaction_type text not null,
  result text not null,
  body text not null,
  insert_instant integer not null,
  last_update_instant integer not null
);
create index webhook_event_instant on webhook_event (insert_instant);
create index webhook_event_type on webhook_event (type, insert_instant);
create index webhook_event_tenant on webhook_event (tenant_id, insert_instant) where tenant_id is not null;
create index webhook_event_running on webhook_event (insert_instant) where result = 'Running';

create table webhook_attempt (
  id blob not null primary key,
  event_id blob not null,
  webhook_id blob not null,
  tenant_id blob,
  result text not null,
  url text,
  status integer,
  exception text,
  answer text,
  start_instant integer not null,
  end_instant integer not null
);
create index webhook_attempt_event on webhook_attempt (event_id, start_instant);
create index webhook_attempt_webhook on webhook_attempt (webhook_id, start_instant);
create index webhook_attempt_instant on webhook_attempt (start_instant);
create index webhook_attempt_tenant on webhook_attempt (tenant_id) where tenant_id is not null;

alter table outbox add column event_id blob;
create index outbox_event on outbox (event_id) where event_id is not null;
