using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Orders.Visits;

/// <summary>Visits, for the fields of other kinds that name one.</summary>
internal sealed class VisitLookup(NpgsqlDataSource source, VisitScope scope) : IEntityLookup
{
    public string Table => "visit";

    public async Task<bool> SeesAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT EXISTS (SELECT FROM visit WHERE id = $1)");
        command.Parameters.Add(Sql.Uuid(id));
        return await command.ExecuteScalarAsync(cancellation) is true && await scope.SeesAsync(caller, id, cancellation);
    }
}
