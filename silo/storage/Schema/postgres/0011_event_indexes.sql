-- What every login with an event pays for, and few ask: ids of events and attempts begin with their instant, so they are the order of their logs; of one type only
-- what is rare is looked up; rows of the outbox leave with their tenant by a look through it.
drop index outbox_tenant;
drop index webhook_event_instant;
drop index webhook_event_type;
drop index webhook_event_tenant;
create index webhook_event_tenant on webhook_event (tenant_id, id) where tenant_id is not null;
create index webhook_event_type on webhook_event (type, id) where type <> 'user.login.success' and type <> 'user.login.failed' and type <> 'jwt.refresh';
drop index webhook_attempt_end;
drop index webhook_attempt_tenant;
create index webhook_attempt_tenant on webhook_attempt (tenant_id, id) where tenant_id is not null;
