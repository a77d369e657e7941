-- What happened, who was told, and how each attempt to tell it ended.
create table webhook_event (
  seq bigint not null generated always as identity unique,
  id uuid not null primary key,
  tenant_id uuid,
  type text collate "C" not null,
  subject text collate "C" not null,
  linked_object_id uuid,
  transaction_type text collate "C" not null,
  result text collate "C" not null,
  body text collate "C" not null,
  insert_instant bigint not null,
  last_update_instant bigint not null
);
create index webhook_event_instant on webhook_event (insert_instant);
create index webhook_event_type on webhook_event (type, insert_instant);
create index webhook_event_tenant on webhook_event (tenant_id, insert_instant) where tenant_id is not null;
create index webhook_event_running on webhook_event (insert_instant) where result = 'Running';

create table webhook_attempt (
  id uuid not null primary key,
  event_id uuid not null,
  webhook_id uuid not null,
  tenant_id uuid,
  result text collate "C" not null,
  url text collate "C",
  status bigint,
  exception text collate "C",
  answer text collate "C",
  start_instant bigint not null,
  end_instant bigint not null
);
create index webhook_attempt_event on webhook_attempt (event_id, start_instant);
create index webhook_attempt_webhook on webhook_attempt (webhook_id, start_instant);
create index webhook_attempt_instant on webhook_attempt (start_instant);
create index webhook_attempt_tenant on webhook_attempt (tenant_id) where tenant_id is not null;

alter table outbox add column event_id uuid;
create index outbox_event on outbox (event_id) where event_id is not null;
