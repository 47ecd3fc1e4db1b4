using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Storage.Rows;

// The statements: one for all commands of a group that do the same to the same table (docs/adr/0040). A row whose version is not
// the expected one is passed over, and its command is not among those that took effect.
public sealed partial class RowMapping<TState>
{
    private const string AppliedIds = "(SELECT array_agg(command_id) FROM changed)";

    private readonly Lazy<string> _insert;
    private readonly Lazy<string> _update;

    NpgsqlBatchCommand IRowMapping.Write(RowOperation operation, bool parts, IReadOnlyList<RowWrite> writes)
    {
        var states = Array.ConvertAll([.. writes], static write => (TState)write.State);
        var command = new NpgsqlBatchCommand(operation switch
        {
            RowOperation.Insert => parts ? InsertParts : _insert.Value,
            RowOperation.Update => parts ? UpdateParts : _update.Value,
            _ => parts ? DeleteParts : DeleteText,
        });
        command.Parameters.Add(Sql.Column(writes, NpgsqlDbType.Uuid, static write => write.CommandId));
        if (!parts && operation != RowOperation.Insert)
        {
            command.Parameters.Add(Sql.Column(writes, NpgsqlDbType.Bigint, static write => write.ExpectedVersion));
        }

        if (operation == RowOperation.Delete)
        {
            command.Parameters.Add(Sql.Column(states, NpgsqlDbType.Uuid, _id.Get));
            return command;
        }

        foreach (var column in Written)
        {
            command.Parameters.Add(column.Values(states));
        }

        return command;
    }

    private string InsertText() => $"""
        WITH given AS MATERIALIZED (SELECT * FROM {Unnest("command_id", "uuid")}),
        changed AS (
            INSERT INTO {From} ({WrittenList}) SELECT {Values("given")} FROM given)
        SELECT array_agg(command_id), {Commit.SayAllApplied("array_agg(command_id)")} FROM given
        """;

    private string UpdateText() => $"""
        WITH changed AS (
            UPDATE {From} AS t SET {Assignments}
            FROM {Unnest("command_id", "uuid", "expected_version", "bigint")}
            WHERE t.id = given.id AND t.version = given.expected_version RETURNING given.command_id)
        SELECT {AppliedIds}, {Commit.SayAllApplied(AppliedIds)}
        """;

    private string DeleteText => $"""
        WITH changed AS (
            DELETE FROM {From} AS t USING unnest($1::uuid[], $2::bigint[], $3::uuid[]) AS given(command_id, expected_version, id)
            WHERE t.id = given.id AND t.version = given.expected_version RETURNING given.command_id)
        SELECT {AppliedIds}, {Commit.SayAllApplied(AppliedIds)}
        """;

    private string InsertParts =>
        $"INSERT INTO {From} ({WrittenList}) SELECT {Values("given")} FROM {Unnest("command_id", "uuid")} WHERE {Commit.IsApplied("given.command_id")}";

    private string UpdateParts => $"""
        UPDATE {From} AS t SET {Assignments} FROM {Unnest("command_id", "uuid")}
        WHERE t.id = given.id AND {Commit.IsApplied("given.command_id")}
        """;

    private string DeleteParts => $"""
        DELETE FROM {From} AS t USING unnest($1::uuid[], $2::uuid[]) AS given(command_id, id)
        WHERE t.id = given.id AND {Commit.IsApplied("given.command_id")}
        """;

    private string WrittenList => string.Join(", ", Written.Select(column => column.Quoted));

    private string Assignments =>
        string.Join(", ", Written.Where(column => column.Name != "id").Select(column => $"{column.Quoted} = {column.From("given")}"));

    private string Values(string source) => string.Join(", ", Written.Select(column => column.From(source)));

    // The parameters of Write, in their order, as rows called "given".
    private string Unnest(params ReadOnlySpan<string> first)
    {
        var (types, names) = (new List<string>(), new List<string>());
        for (var i = 0; i < first.Length; i += 2)
        {
            names.Add(first[i]);
            types.Add(first[i + 1]);
        }

        names.AddRange(Written.Select(column => column.Quoted));
        types.AddRange(Written.Select(column => column.ParameterType));
        var parameters = types.Select((type, i) => string.Create(CultureInfo.InvariantCulture, $"${i + 1}::{type}[]"));
        return $"unnest({string.Join(", ", parameters)}) AS given({string.Join(", ", names)})";
    }
}
