using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.PhoneNumbers;
using Npgsql;

namespace ChargeCars.Telephony.Calls;

/// <summary>Links the calls of a number that was nobody's until now. A number that is several people's links none of them: they may never have called.</summary>
internal sealed class LinkEarlierCalls(NpgsqlDataSource source, IGrainFactory grains) : IDueCommandHandler<PhoneNumberAdded>
{
    private const string Select = """
        SELECT call.id, theirs.id FROM call
        JOIN LATERAL (SELECT min(id::text)::uuid AS id FROM phone_number WHERE phone_number = call.caller_number HAVING count(*) = 1) theirs ON true
        WHERE call.caller_number = $1 AND call.phone_number_id IS NULL ORDER BY call.id
        """;

    public async Task<Error?> CarryOutAsync(Guid targetId, PhoneNumberAdded command, CommandContext context, CancellationToken cancellation)
    {
        List<(Guid Call, Guid Number)> unlinked = [];
        await using (var select = source.CreateCommand(Select))
        {
            select.Parameters.Add(Sql.Text(command.PhoneNumber));
            await using var row = await select.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                unlinked.Add((row.GetGuid(0), row.GetGuid(1)));
            }
        }

        foreach (var (call, number) in unlinked)
        {
            var linked = await grains.GetGrain<IEntityGrain<Call>>(call).ExecuteAsync(
                new LinkCall(number), context with { CommandId = NameBasedId.Of($"{context.CommandId}/{call}") });
            if (linked.Error is { } fault and not NotFound)
            {
                return fault;
            }
        }

        return null;
    }
}
