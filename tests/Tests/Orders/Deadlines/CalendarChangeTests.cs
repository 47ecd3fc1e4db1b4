using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Orders.Deadlines;

/// <summary>A business entity's calendar is a setting, and deadlines follow it.</summary>
[Collection(HostCollection.Name)]
public sealed class CalendarChangeTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Calendar_ThatChanges_MovesTheDeadlinesOfItsOrdersAndOfNoOther()
    {
        // Of a name that no other test's deadlines belong to.
        var (ours, others) = (await OrderRun.NewAsync(host, new { businessEntity = "zaptecshop" }), await OrderRun.NewAsync(host));
        var (before, kept) = (ours.Made.GetProperty("slaDeadline").GetDateTimeOffset(), others.Made.GetProperty("slaDeadline").GetDateTimeOffset());

        await ChangeAsync("""{"calendar":{"hours":{"monday":[{"from":"10:00:00","to":"11:00:00"}],"tuesday":[],"wednesday":[],"thursday":[],"friday":[]},"closings":[{"first":"2026-12-24","last":"2027-01-03","name":"Winter"}]}}""");
        var moved = await DeadlineAsync(ours, deadline => deadline != before);
        // Nine hours at one hour a week, where it was a day.
        Assert.InRange((moved - before).TotalDays, 55, 90);
        Assert.Equal(moved, await host.ScalarAsync<DateTime>($"SELECT sla_deadline FROM entity_current_status WHERE entity_id = '{ours.Id}'"));
        // One that is taken in now counts by it too.
        Assert.True((await OrderRun.NewAsync(host, new { businessEntity = "zaptecshop" })).Made.GetProperty("slaDeadline").GetDateTimeOffset() > before.AddDays(55));
        Assert.Equal(kept, (await others.ReadAsync()).GetProperty("slaDeadline").GetDateTimeOffset());

        await ChangeAsync("""{"calendar":null}""");
        await DeadlineAsync(ours, deadline => deadline == before);
    }

    [Theory]
    [InlineData("""{"calendar":{"hours":{"monday":[{"from":"17:00:00","to":"08:00:00"}]}}}""", "calendar.hours.monday[0]")]
    [InlineData("""{"calendar":{"hours":{"monday":[null]}}}""", "calendar.hours")]
    [InlineData("""{"calendar":{"hours":{"monday":[],"tuesday":[],"wednesday":[],"thursday":[],"friday":[]}}}""", "calendar.hours")]
    [InlineData("""{"calendar":{"closings":[{"first":"2026-12-24","last":"2026-12-23"}]}}""", "calendar.closings[0].last")]
    [InlineData("""{"calendar":{"closings":[null]}}""", "calendar.closings")]
    public async Task Calendar_ByWhichNoDeadlineCouldBeReached_IsRefusedByItsField(string patch, string field)
    {
        var (id, version) = await FindAsync();
        Assert.Contains(field, await (await Admin.MergePatchAsync($"/api/business-entities/{id}", version, patch)).FaultyFieldsAsync());
    }

    private async Task<(Guid Id, string Version)> FindAsync()
    {
        var found = (await Admin.ReadAsync("/api/business-entities?entityCode=zaptecshop")).GetProperty("items")[0];
        return (found.GetProperty("id").GetGuid(), found.GetProperty("version").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task ChangeAsync(string patch)
    {
        var (id, version) = await FindAsync();
        using var changed = await Admin.MergePatchAsync($"/api/business-entities/{id}", version, patch);
        await changed.JsonAsync();
    }

    private async Task<DateTimeOffset> DeadlineAsync(OrderRun order, Func<DateTimeOffset, bool> isIt)
    {
        var deadline = default(DateTimeOffset);
        await host.UntilAsync(OrderRun.TableOf("orders"), async () => isIt(deadline = (await order.ReadAsync()).GetProperty("slaDeadline").GetDateTimeOffset()));
        return deadline;
    }
}
