-- Pages of a tenant's audit log and of one type of events come in the order of an index. Attempts are read as they end.
drop index audit_log_tenant;
create index audit_log_tenant on audit_log (tenant_id, instant) where tenant_id is not null;
create index event_log_type on event_log (type, instant);
drop index webhook_attempt_instant;
drop index webhook_attempt_tenant;
create index webhook_attempt_end on webhook_attempt (end_instant);
create index webhook_attempt_tenant on webhook_attempt (tenant_id, end_instant) where tenant_id is not null;

-- Logins that failed; bounded, see Sessions.LoginFailures.
create table login_failure (
  id blob not null primary key,
  tenant_id blob not null,
  user_id blob,
  application_id blob,
  ip_address text,
  left_out integer not null,
  instant integer not null
);
create index login_failure_instant on login_failure (instant);
create index login_failure_tenant on login_failure (tenant_id, instant);
