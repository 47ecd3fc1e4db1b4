using System.Reflection;
using ChargeCars.Alerts;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Identity.Accounts;
using ChargeCars.Identity.Keys;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Telephony.Missed;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>What holds for every kind of entity.</summary>
public sealed class KindTests
{
    /// <summary>Against the migrated schema: a property without a column, a column without a property, a wrong type.</summary>
    [Fact]
    public async Task Record_OfEveryTable_HasItsColumnsAndNoOther()
    {
        const string Columns = """
            SELECT a.attrelid::regclass::text, a.attname::text, format_type(a.atttypid, NULL)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND a.attnum > 0 AND NOT a.attisdropped
            """;
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var command = database.DataSource.CreateCommand(Columns);
        var actual = new List<(string Table, string Column, string Type)>();
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                actual.Add((row.GetString(0).Trim('"'), row.GetString(1), row.GetString(2)));
            }
        }

        var mapped = Kinds.All.Values.SelectMany(kind => kind.Parts.Prepend(kind.Table)
            .Select(table => (table, others: table == kind.Table ? kind.ColumnsOfOthers : [])));
        mapped = mapped.Concat(ChargeCars.Catalogue.Stock.StockTables.All.Select(table => (table, others: (IReadOnlyList<string>)[])));
        Assert.All(mapped, pair => Assert.Equal(
            actual.Where(column => column.Table == pair.table.Table && !pair.others.Contains(column.Column))
                .Select(column => $"{column.Column} {column.Type}").Order(StringComparer.Ordinal),
            pair.table.Columns.Select(column => $"{column.Name} {column.SqlType}").Order(StringComparer.Ordinal)));
    }

    /// <summary>A revision can't lose what its editor can't set: every such column is set first, and is the same after.</summary>
    [Theory]
    [MemberData(nameof(WithDetails))]
    public void Revision_OfEveryKindWithDetails_KeepsWhatAnEditorCannotSet(string table)
    {
        var kind = Kinds.All[table];

        typeof(KindTests).GetMethod(nameof(Revise), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(kind.State, kind.Details!).Invoke(null, [kind.Table]);
    }

    /// <summary>The same for a kind that is changed by commands of its own: each changes the columns that it names here, and no other.</summary>
    [Theory]
    [MemberData(nameof(WithoutDetails))]
    public void Commands_OfEveryKindWithoutDetails_KeepWhatTheyAreNotAbout(string table)
    {
        switch (table)
        {
            case "api_key":
                ApiKey Key(EntityCommand<ApiKey> command, ApiKey before) => ApiKeyDecider.Decide(before.Id, before, command, Noon).Value!.After!;
                var key = Full<ApiKey>() with { RevokedAt = null };
                AssertChanges(ApiKeyTable.Rows, key, Key(new RotateApiKey([1, 2], TimeSpan.FromHours(1)), key), "key_hash", "former_key_hash", "former_key_expires_at");
                AssertChanges(ApiKeyTable.Rows, key, Key(new RevokeApiKey(), key), "revoked_at");
                break;
            case "user_account":
                var account = Full<UserAccount>();
                var revised = AccountDecider.Decide(account, new ReviseAccount(new() { RoleId = Guid.NewGuid(), IsActive = false }), Noon).Value!.After;
                AssertChanges(AccountTable.Rows, account, revised, "role_id", "scopes", "user_organization_id", "is_active");
                break;
            case "call_back":
                var missed = Full<CallBack>();
                CallBack Do(CallBackCommand command) => CallBackDecider.Decide(missed.Id, missed, command, Noon).Value!.After!;
                AssertChanges(CallBackKind.Rows, missed, Do(new ClaimCallBack("other", BusinessEntity.Chargecars, Guid.NewGuid())), "claimed_by", "claimed_until");
                AssertChanges(CallBackKind.Rows, missed, Do(new FinishCallBack("other", null, Guid.NewGuid(), "called")), "claimed_by", "claimed_until", "done_at", "done_by", "note");
                break;
            case "tracking_link":
                TrackingLink Tell(TrackingCommand command, TrackingLink before) => TrackingDecider.Decide(before.Id, before, command, Noon).Value!.After!;
                var link = Full<TrackingLink>() with { Notices = 0 };
                AssertChanges(TrackingKind.Rows, link, Tell(new TellDeparture(Noon, Noon.AddMinutes(20)), link), "told_from", "told_until", "notices");
                var told = link with { Notices = 1 };
                AssertChanges(TrackingKind.Rows, told, Tell(new TellMoved(Noon, Noon.AddDays(300), 15, 2), told), "told_from", "told_until", "notices");
                var wish = new AskAnotherTime(Noon.AddDays(300), Noon.AddDays(301), null, [], "other", int.MaxValue);
                AssertChanges(TrackingKind.Rows, told, Tell(wish, told), "wished_at", "wished_from", "wish_hash", "wishes");
                AssertChanges(TrackingKind.Rows, told, Tell(new TakeBackWish(), told), "wished_at", "wished_from", "wish_hash");
                break;
            case "alert":
                // A fact says all that it says: people's part in it is what it must keep.
                var alert = Full<Alert>() with { Status = AlertStatus.Snoozed, SnoozedUntil = Noon.AddHours(1), FactAt = Noon };
                alert = alert with { Id = Alert.IdOf(alert.AlertType, alert.EntityId) };
                Alert Done(AlertCommand command) => AlertDecider.Decide(alert.Id, alert, command, Noon).Value!.After!;
                var fact = new AlertFact(alert.AlertType, alert.EntityType, alert.EntityId, AlertSeverity.High)
                {
                    Label = "other", BusinessEntity = BusinessEntity.Zaptecshop, VehicleId = Guid.NewGuid(), VisitId = Guid.NewGuid(), OrderId = Guid.NewGuid(), FactAt = Noon.AddHours(1),
                    Detail = new() { Count = 3 },
                };
                Assert.True(AlertDecider.IsNews(alert, fact));
                AssertChanges(AlertKind.Rows, alert, Done(new EraseAlert()), "label");
                AssertChanges(
                    AlertKind.Rows, alert with { Severity = AlertSeverity.Normal, BusinessEntity = BusinessEntity.Ratioshop }, Done(new RaiseAlert(fact)),
                    "label", "business_entity", "vehicle_id", "visit_id", "order_id", "severity", "fact_at", "detail");
                AssertChanges(AlertKind.Rows, alert, Done(new EndAlert()), "status", "ended_at", "snoozed_until");
                AssertChanges(AlertKind.Rows, alert, Done(new ActOnAlert(AlertAction.Done, "An", null)), "status", "done", "snoozed_until");
                AssertChanges(AlertKind.Rows, alert, Done(new ActOnAlert(AlertAction.Snooze, "An", null) { Until = Noon.AddHours(2) }), "snoozed", "snoozed_until");
                AssertChanges(AlertKind.Rows, alert, Done(new ActOnAlert(AlertAction.Assign, "An", null) { AssignToContactId = Guid.NewGuid() }), "assigned_to_contact_id", "assigned");
                break;
            case "communication_message":
                var thread = Full<CommunicationThread>() with { Channel = ChannelType.Email };
                var draft = Full<CommunicationMessage>() with { ThreadId = thread.Id, Direction = MessageDirection.Outbound, Status = MessageStatus.Draft };
                // What its thread says anew each time.
                draft = draft with { Delivery = new(), ChannelAccountId = null, SenderEmail = null, CounterpartKey = null };
                var edited = MessageDecider.Decide(thread, new EditDraft(draft.Id, new() { BodyText = "Hello", RecipientEmails = ["a@example.nl"] }), new() { Message = draft }, Noon);
                var written = Assert.IsType<PartChange<CommunicationMessage>>(Assert.Single(edited.Value!.Parts)).After!;
                AssertChanges(
                    MessageKind.Rows, draft, written, "body_text", "body_html", "shown_html", "subject", "recipient_emails", "cc_emails", "bcc_emails", "mentions");
                break;
            default:
                Assert.Fail($"{table} is changed by commands of its own: say here which columns each of them changes.");
                break;
        }
    }

    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> WithDetails => Names(kind => kind.Details is not null);

    /// <summary>
    /// Nobody edits a call or an agent: each event folds them anew out of all that their provider said, which <c>CallMergeTests</c> and
    /// <c>AgentPresenceTests</c> are about.
    /// </summary>
    public static TheoryData<string> WithoutDetails => Names(kind => kind is { Details: null, Table.Table: not ("call" or "agent_presence") });

    private static TheoryData<string> Names(Func<Kinds.Kind, bool> which) =>
        [.. Kinds.All.Where(kind => which(kind.Value)).Select(kind => kind.Key).Order(StringComparer.Ordinal)];

    private static TState Full<TState>() where TState : new()
    {
        var state = new TState();
        foreach (var property in typeof(TState).GetProperties().Where(property => property.CanWrite))
        {
            property.SetValue(state, SampleValue.Of(property.PropertyType));
        }

        return state;
    }

    private static void AssertChanges<TState>(RowMapping<TState> rows, TState before, TState after, params string[] columns) where TState : class, new() =>
        Assert.Equal(columns.Order(StringComparer.Ordinal), rows.Columns.Where(column => !column.Same(before, after)).Select(column => column.Name).Order(StringComparer.Ordinal));

    private static void Revise<TState, TDetails>(IRowMapping table)
        where TState : class, TDetails, IEntityState, new()
        where TDetails : class, new()
    {
        var rows = (RowMapping<TState>)table;
        var state = Full<TState>();

        var revised = EntityDetails<TState, TDetails>.Into(state, new TDetails());

        var editable = typeof(TDetails).GetProperties().Select(property => property.Name).ToHashSet();
        var kept = rows.Columns.Where(column => !editable.Contains(column.Property)).ToList();
        Assert.Contains(kept, column => column.Name == "id");
        Assert.All(kept, column => Assert.True(column.Same(state, revised), column.Name));
        Assert.Contains(rows.Columns.Where(column => editable.Contains(column.Property)), column => !column.Same(state, revised));
    }
}
