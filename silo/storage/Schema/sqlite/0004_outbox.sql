-- Ids of one millisecond do not sort by age: the order within a subject is that of seq, which follows the commits.
-- A parked row has been given up, is kept for a while and holds up nothing.

alter table outbox rename to outbox_before;
create table outbox (
  seq integer primary key autoincrement,
  id blob not null unique,
  queue text not null,
  subject text not null,
  tenant_id blob,
  due integer not null,
  attempts integer not null,
  body blob not null,
  insert_instant integer not null,
  fault text,
  parked_instant integer
);
insert into outbox (id, queue, subject, tenant_id, due, attempts, body, insert_instant)
  select id, queue, subject, tenant_id, due, attempts, body, insert_instant from outbox_before order by id;
drop table outbox_before;
create index outbox_due on outbox (queue, due, seq) where parked_instant is null;
create index outbox_subject on outbox (queue, subject, seq) where parked_instant is null;
create index outbox_parked on outbox (queue, parked_instant) where parked_instant is not null;
create index outbox_tenant on outbox (tenant_id) where tenant_id is not null;
