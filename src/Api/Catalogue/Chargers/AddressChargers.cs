using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Catalogue.Chargers;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace ChargeCars.Api.Catalogue.Chargers;

/// <summary>Everything that hangs at an address, and who was there for it, in one read.</summary>
internal static class AddressChargers
{
    public static void Map(RouteGroupBuilder chargers) =>
        chargers.MapGet("/at/{addressId:guid}", AtAsync).RequirePermission(Permissions.ChargersRead).Produces<Answer>()
            .WithName("GetChargersAt").WithSummary("Every charger that hangs or hung at an address, and the visits there; the same house under another address row included.");

    private static async Task<IResult> AtAsync(Guid addressId, HttpContext http, EntityDirectory directory, NpgsqlDataSource source)
    {
        var caller = Caller.Of(http);
        if (!await directory.Find("address")!.SeesAsync(caller, addressId, http.RequestAborted))
        {
            return ProblemAnswers.From(new NotFound("address", addressId.ToString()));
        }

        // A house may be written down for a customer and for an order: it is one house by its postcode and number.
        const string SameHouse = """
            (SELECT same.id FROM address asked JOIN address same ON same.id = asked.id
                OR (same.postal_code = asked.postal_code AND same.street_number = asked.street_number AND same.country IS NOT DISTINCT FROM asked.country)
             WHERE asked.id = $1)
            """;
        await using var batch = source.CreateBatch();
        var units = new NpgsqlBatchCommand { Parameters = { Sql.Uuid(addressId) } };
        units.CommandText = $"""
            SELECT {InstalledChargerKind.Rows.ColumnList} FROM installed_charger
            WHERE address_id IN {SameHouse} AND ({InstalledChargerAccess.Visible(caller)?.AddTo(units.Parameters) ?? "true"})
            ORDER BY removed_on IS NOT NULL, installed_on DESC NULLS LAST, id LIMIT 500
            """;
        var (text, visits) = (new ScopeText(), new NpgsqlBatchCommand { Parameters = { Sql.Uuid(addressId) } });
        var seen = caller.Permissions.Contains(Permissions.VisitsRead) ? text.All(OrderScope.Visits(text, caller)) : ScopeCondition.Nothing;
        visits.CommandText = $"""
            SELECT id, number, order_id, visit_type, status, scheduled_start, ended_at FROM visit
            WHERE address_id IN {SameHouse} AND ({seen?.AddTo(visits.Parameters) ?? "true"})
            ORDER BY coalesce(ended_at, scheduled_start, created_at) DESC, id LIMIT 500
            """;
        batch.BatchCommands.Add(units);
        batch.BatchCommands.Add(visits);
        await using var row = await batch.ExecuteReaderAsync(http.RequestAborted);
        var (found, made) = (new List<object>(), new List<VisitThere>());
        while (await row.ReadAsync(http.RequestAborted))
        {
            found.Add(InstalledChargerAccess.Masked(InstalledChargerKind.Rows.Read(row), caller));
        }

        await row.NextResultAsync(http.RequestAborted);
        while (await row.ReadAsync(http.RequestAborted))
        {
            made.Add(new(
                row.GetGuid(0), row.Optional<string>(1), row.GetGuid(2), row.Optional<string>(3), row.GetString(4), row.OptionalValue<DateTimeOffset>(5), row.OptionalValue<DateTimeOffset>(6)));
        }

        return TypedResults.Ok(new { addressId, chargers = found, visits = made });
    }

    /// <summary>What is at an address.</summary>
    /// <param name="AddressId">The address that was asked for.</param>
    /// <param name="Chargers">The chargers, those that still hang first.</param>
    /// <param name="Visits">The visits there, the newest first; none for who may not see visits.</param>
    public sealed record Answer(Guid AddressId, IReadOnlyList<InstalledCharger> Chargers, IReadOnlyList<VisitThere> Visits);

    /// <summary>A visit to the address.</summary>
    /// <param name="Id">The visit.</param>
    /// <param name="Number">Its number.</param>
    /// <param name="OrderId">Its order.</param>
    /// <param name="VisitType">What it was for.</param>
    /// <param name="Status">Where it is in its life.</param>
    /// <param name="ScheduledStart">When it is planned to begin, UTC.</param>
    /// <param name="EndedAt">When it ended, UTC.</param>
    public sealed record VisitThere(Guid Id, string? Number, Guid OrderId, string? VisitType, string Status, DateTimeOffset? ScheduledStart, DateTimeOffset? EndedAt);
}
