-- What Orleans 10.4.2's ADO.NET providers need: they look their SQL up in OrleansQuery by key, bind parameters and read
-- columns by name. The keys, the names and what each answer means are theirs; tables and statements are ours. They keep
-- Orleans' table names, which its documentation and tools use, in a schema of their own; the providers' connection
-- string says Search Path=orleans. Every statement names its schema, so that it means the same from anywhere.
--
-- Each is one statement, hence one transaction: it is done as a whole or not at all.

CREATE SCHEMA orleans;

CREATE TABLE orleans.OrleansQuery (
    QueryKey text PRIMARY KEY,
    QueryText text NOT NULL
);

-- Membership ---------------------------------------------------------------------------------------------------------
-- One version row a cluster. Every change to a member moves it, and names the version that it was decided on: of two
-- that were decided on the same one, the second waits for the row, finds it moved and answers false.

CREATE TABLE orleans.OrleansMembershipVersionTable (
    DeploymentId text PRIMARY KEY,
    Timestamp timestamptz NOT NULL DEFAULT now(),
    Version integer NOT NULL DEFAULT 0
);

CREATE TABLE orleans.OrleansMembershipTable (
    DeploymentId text NOT NULL REFERENCES orleans.OrleansMembershipVersionTable (DeploymentId),
    Address text NOT NULL,
    Port integer NOT NULL,
    Generation integer NOT NULL,
    SiloName text NOT NULL,
    HostName text NOT NULL,
    Status integer NOT NULL,
    ProxyPort integer,
    SuspectTimes text,
    StartTime timestamptz NOT NULL,
    IAmAliveTime timestamptz NOT NULL,
    PRIMARY KEY (DeploymentId, Address, Port, Generation)
);

INSERT INTO orleans.OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $q$
WITH made AS (
    INSERT INTO orleans.OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId)
    ON CONFLICT (DeploymentId) DO NOTHING
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM made)
$q$),
('InsertMembershipKey', $q$
WITH moved AS (
    UPDATE orleans.OrleansMembershipVersionTable v
    SET Version = v.Version + 1, Timestamp = now()
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version
      AND NOT EXISTS (
        SELECT 1 FROM orleans.OrleansMembershipTable m
        WHERE m.DeploymentId = @DeploymentId
          AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
    RETURNING v.DeploymentId),
made AS (
    INSERT INTO orleans.OrleansMembershipTable
        (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    SELECT moved.DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
           @StartTime, @IAmAliveTime
    FROM moved
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM made)
$q$),
('UpdateMembershipKey', $q$
WITH moved AS (
    UPDATE orleans.OrleansMembershipVersionTable v
    SET Version = v.Version + 1, Timestamp = now()
    WHERE v.DeploymentId = @DeploymentId AND v.Version = @Version
      AND EXISTS (
        SELECT 1 FROM orleans.OrleansMembershipTable m
        WHERE m.DeploymentId = @DeploymentId
          AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation)
    RETURNING v.DeploymentId),
changed AS (
    UPDATE orleans.OrleansMembershipTable m
    SET Status = @Status,
        SuspectTimes = @SuspectTimes,
        -- A heartbeat may have come since this change was decided on.
        IAmAliveTime = greatest(m.IAmAliveTime, @IAmAliveTime)
    FROM moved
    WHERE m.DeploymentId = moved.DeploymentId
      AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM changed)
$q$),
('UpdateIAmAlivetimeKey', $q$
UPDATE orleans.OrleansMembershipTable m
SET IAmAliveTime = greatest(m.IAmAliveTime, @IAmAliveTime)
WHERE m.DeploymentId = @DeploymentId
  AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
$q$),
-- The two reads answer with the version also where there is no member: then every member column is NULL.
('MembershipReadRowKey', $q$
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort,
       m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
FROM orleans.OrleansMembershipVersionTable v
LEFT JOIN orleans.OrleansMembershipTable m
    ON m.DeploymentId = v.DeploymentId
   AND m.Address = @Address AND m.Port = @Port AND m.Generation = @Generation
WHERE v.DeploymentId = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
SELECT v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort,
       m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version
FROM orleans.OrleansMembershipVersionTable v
LEFT JOIN orleans.OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId
WHERE v.DeploymentId = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
SELECT Address, ProxyPort, Generation
FROM orleans.OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
WITH members AS (
    DELETE FROM orleans.OrleansMembershipTable WHERE DeploymentId = @DeploymentId)
DELETE FROM orleans.OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId
$q$),
-- 6 is Dead. The provider prefers the second, which deletes a row that is still as it was read; the first is for a
-- client that knows only one.
('CleanupDefunctSiloEntriesKey', $q$
DELETE FROM orleans.OrleansMembershipTable
WHERE DeploymentId = @DeploymentId AND Status = 6
  AND IAmAliveTime < @IAmAliveTime AND StartTime < @IAmAliveTime
  AND coalesce(SuspectTimes, '') = ''
$q$),
('CleanupDefunctSiloEntryKey', $q$
DELETE FROM orleans.OrleansMembershipTable
WHERE DeploymentId = @DeploymentId
  AND Address = @Address AND Port = @Port AND Generation = @Generation
  AND Status = 6
  AND StartTime = @StartTime AND IAmAliveTime = @IAmAliveTime
  AND coalesce(SuspectTimes, '') = coalesce(@SuspectTimes, '')
$q$);

-- Reminders ----------------------------------------------------------------------------------------------------------

CREATE TABLE orleans.OrleansRemindersTable (
    ServiceId text NOT NULL,
    GrainId text NOT NULL,
    ReminderName text NOT NULL,
    StartTime timestamptz NOT NULL,
    -- Milliseconds.
    Period bigint NOT NULL,
    GrainHash integer NOT NULL,
    Version integer NOT NULL DEFAULT 0,
    PRIMARY KEY (ServiceId, GrainId, ReminderName)
);
-- Each silo reads the range of hashes that it is responsible for, again and again.
CREATE INDEX idx_orleans_reminders_hash ON orleans.OrleansRemindersTable (ServiceId, GrainHash);

INSERT INTO orleans.OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', $q$
INSERT INTO orleans.OrleansRemindersTable AS r
    (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
ON CONFLICT (ServiceId, GrainId, ReminderName) DO UPDATE
SET StartTime = excluded.StartTime,
    Period = excluded.Period,
    GrainHash = excluded.GrainHash,
    Version = r.Version + 1
RETURNING r.Version
$q$),
('ReadReminderRowKey', $q$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans.OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName
$q$),
('ReadReminderRowsKey', $q$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans.OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainId = @GrainId
$q$),
-- A range of the ring, begin excluded, end included. The second is a range that wraps around, or the whole ring.
('ReadRangeRows1Key', $q$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans.OrleansRemindersTable
WHERE ServiceId = @ServiceId AND GrainHash > @BeginHash AND GrainHash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
SELECT GrainId, ReminderName, StartTime, Period, Version
FROM orleans.OrleansRemindersTable
WHERE ServiceId = @ServiceId AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
WITH gone AS (
    DELETE FROM orleans.OrleansRemindersTable
    WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version
    RETURNING 1)
SELECT EXISTS (SELECT 1 FROM gone)
$q$),
('DeleteReminderRowsKey', $q$
DELETE FROM orleans.OrleansRemindersTable WHERE ServiceId = @ServiceId
$q$);

-- Grain state --------------------------------------------------------------------------------------------------------
-- The published table has no key, and a first write that checks before it inserts: two first writers leave two rows.
-- Here the key is the grain's, and the second first writer meets it. A key without an extension has '' here, since a
-- primary key takes no NULL. The hashes lead the key: short, and selective by themselves.

CREATE TABLE orleans.OrleansStorage (
    GrainIdHash integer NOT NULL,
    GrainTypeHash integer NOT NULL,
    GrainIdN0 bigint NOT NULL,
    GrainIdN1 bigint NOT NULL,
    GrainTypeString text NOT NULL,
    GrainIdExtensionString text NOT NULL DEFAULT '',
    ServiceId text NOT NULL,
    -- NULL: cleared. The row stays, so that its version goes on.
    PayloadBinary bytea,
    ModifiedOn timestamptz NOT NULL DEFAULT now(),
    Version integer NOT NULL,
    PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
) WITH (fillfactor = 80);

INSERT INTO orleans.OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', $q$
SELECT PayloadBinary, Version
FROM orleans.OrleansStorage
WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
  AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
  AND GrainTypeString = @GrainTypeString
  AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '')
  AND ServiceId = @ServiceId
$q$),
-- Answers with the new version, or with no row where the state is not the one that the caller read: the provider makes
-- an InconsistentStateException of that. A version is an update, none a first write; the other half finds nothing to do.
('WriteToStorageKey', $q$
WITH changed AS (
    UPDATE orleans.OrleansStorage s
    SET PayloadBinary = @PayloadBinary, ModifiedOn = now(), Version = s.Version + 1
    WHERE s.GrainIdHash = @GrainIdHash AND s.GrainTypeHash = @GrainTypeHash
      AND s.GrainIdN0 = @GrainIdN0 AND s.GrainIdN1 = @GrainIdN1
      AND s.GrainTypeString = @GrainTypeString
      AND s.GrainIdExtensionString = coalesce(@GrainIdExtensionString, '')
      AND s.ServiceId = @ServiceId
      AND s.Version = @GrainStateVersion
    RETURNING s.Version),
made AS (
    INSERT INTO orleans.OrleansStorage
        (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId,
         PayloadBinary, Version)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString,
           coalesce(@GrainIdExtensionString, ''), @ServiceId, @PayloadBinary, 1
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING Version)
SELECT Version AS NewGrainStateVersion FROM changed
UNION ALL
SELECT Version FROM made
$q$),
('ClearStorageKey', $q$
UPDATE orleans.OrleansStorage s
SET PayloadBinary = NULL, ModifiedOn = now(), Version = s.Version + 1
WHERE s.GrainIdHash = @GrainIdHash AND s.GrainTypeHash = @GrainTypeHash
  AND s.GrainIdN0 = @GrainIdN0 AND s.GrainIdN1 = @GrainIdN1
  AND s.GrainTypeString = @GrainTypeString
  AND s.GrainIdExtensionString = coalesce(@GrainIdExtensionString, '')
  AND s.ServiceId = @ServiceId
  AND s.Version = @GrainStateVersion
RETURNING s.Version AS NewGrainStateVersion
$q$),
-- For DeleteStateOnClear. The provider takes an answer that differs from the version it sent for success.
('DeleteStorageKey', $q$
DELETE FROM orleans.OrleansStorage s
WHERE s.GrainIdHash = @GrainIdHash AND s.GrainTypeHash = @GrainTypeHash
  AND s.GrainIdN0 = @GrainIdN0 AND s.GrainIdN1 = @GrainIdN1
  AND s.GrainTypeString = @GrainTypeString
  AND s.GrainIdExtensionString = coalesce(@GrainIdExtensionString, '')
  AND s.ServiceId = @ServiceId
  AND s.Version = @GrainStateVersion
RETURNING s.Version + 1 AS NewGrainStateVersion
$q$);
