-- Who is in the cluster, and the reminders of its grains. Orleans asks for them by the queries that it finds in OrleansQuery:
-- the keys, the parameters (@...) and the columns of the answers are its own; tables and statements are ours.

create table cluster (
  id text collate "C" not null primary key,
  -- Counts changes of membership: whoever changes it names the version that he saw.
  version integer not null
);

create table cluster_silo (
  cluster_id text collate "C" not null references cluster (id) on delete cascade,
  address text collate "C" not null,
  port integer not null,
  -- The same address after a restart is another silo.
  generation integer not null,
  name text collate "C" not null,
  host text collate "C" not null,
  status integer not null,
  gateway_port integer not null,
  -- Who says that it does not answer, and since when; in Orleans' own form.
  suspected text collate "C",
  start_time timestamptz not null,
  alive_time timestamptz not null,
  primary key (cluster_id, address, port, generation)
);

create table cluster_reminder (
  service_id text collate "C" not null,
  grain_id text collate "C" not null,
  name text collate "C" not null,
  -- Silos share reminders by ranges of this.
  grain_hash integer not null,
  first_tick timestamptz not null,
  period bigint not null,
  version integer not null,
  primary key (service_id, grain_id, name)
);
create index cluster_reminder_hash on cluster_reminder (service_id, grain_hash);

create table OrleansQuery (QueryKey text not null primary key, QueryText text not null);

insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', '
with made as (insert into cluster (id, version) values (@DeploymentId, 0) on conflict do nothing returning id)
select exists (select from made)'),

-- One statement: the silo is written where the version is the one that was seen, and not at all otherwise.
('InsertMembershipKey', '
with seen as (
  update cluster set version = version + 1
  where id = @DeploymentId and version = @Version and not exists (
    select from cluster_silo where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning id),
made as (
  insert into cluster_silo (cluster_id, address, port, generation, name, host, status, gateway_port, start_time, alive_time)
  select id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from seen
  returning cluster_id)
select exists (select from made)'),

('UpdateMembershipKey', '
with seen as (
  update cluster set version = version + 1
  where id = @DeploymentId and version = @Version and exists (
    select from cluster_silo where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
  returning id),
changed as (
  update cluster_silo set status = @Status, suspected = @SuspectTimes, alive_time = @IAmAliveTime
  from seen where cluster_id = seen.id and address = @Address and port = @Port and generation = @Generation
  returning cluster_id)
select exists (select from changed)'),

-- Says nothing about membership, so it leaves the version alone.
('UpdateIAmAlivetimeKey', '
update cluster_silo set alive_time = @IAmAliveTime
where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation'),

-- A cluster without silos answers one row, which has a version and nothing else.
('MembershipReadAllKey', '
select s.address as Address, s.port as Port, s.generation as Generation, s.name as SiloName, s.host as HostName, s.status as Status,
  s.gateway_port as ProxyPort, s.suspected as SuspectTimes, s.start_time as StartTime, s.alive_time as IAmAliveTime, c.version as Version
from cluster c left join cluster_silo s on s.cluster_id = c.id
where c.id = @DeploymentId'),

('MembershipReadRowKey', '
select s.address as Address, s.port as Port, s.generation as Generation, s.name as SiloName, s.host as HostName, s.status as Status,
  s.gateway_port as ProxyPort, s.suspected as SuspectTimes, s.start_time as StartTime, s.alive_time as IAmAliveTime, c.version as Version
from cluster c left join cluster_silo s on s.cluster_id = c.id and s.address = @Address and s.port = @Port and s.generation = @Generation
where c.id = @DeploymentId'),

('GatewaysQueryKey', '
select address as Address, gateway_port as ProxyPort, generation as Generation
from cluster_silo where cluster_id = @DeploymentId and status = @Status and gateway_port > 0'),

('DeleteMembershipTableEntriesKey', 'delete from cluster where id = @DeploymentId'),

-- 3 is an active silo, which stays however long it has been silent: others have to vote it out first.
('CleanupDefunctSiloEntriesKey', '
delete from cluster_silo where cluster_id = @DeploymentId and alive_time < @IAmAliveTime and status <> 3'),

('UpsertReminderRowKey', '
insert into cluster_reminder (service_id, grain_id, name, grain_hash, first_tick, period, version)
values (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
on conflict (service_id, grain_id, name) do update
set grain_hash = excluded.grain_hash, first_tick = excluded.first_tick, period = excluded.period, version = cluster_reminder.version + 1
returning version as Version'),

('ReadReminderRowsKey', '
select grain_id as GrainId, name as ReminderName, first_tick as StartTime, period as Period, version as Version
from cluster_reminder where service_id = @ServiceId and grain_id = @GrainId'),

('ReadReminderRowKey', '
select grain_id as GrainId, name as ReminderName, first_tick as StartTime, period as Period, version as Version
from cluster_reminder where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName'),

('ReadRangeRows1Key', '
select grain_id as GrainId, name as ReminderName, first_tick as StartTime, period as Period, version as Version
from cluster_reminder where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash'),

-- A range that goes round the end of the numbers.
('ReadRangeRows2Key', '
select grain_id as GrainId, name as ReminderName, first_tick as StartTime, period as Period, version as Version
from cluster_reminder where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)'),

('DeleteReminderRowKey', '
with gone as (
  delete from cluster_reminder where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName and version = @Version
  returning name)
select exists (select from gone)'),

('DeleteReminderRowsKey', 'delete from cluster_reminder where service_id = @ServiceId');
