using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Orders.Visits;

/// <summary>The pictures that a visit names, of its checklist and its signature: each must have been sent for this very visit.</summary>
internal sealed class VisitFiles(NpgsqlDataSource source)
{
    private const string Pictures = """
        SELECT id FROM attachment WHERE id = ANY ($1) AND entity_type = 'visit' AND entity_id = $2 AND file_type = 'image'
        """;

    /// <summary>Every field that names something else; null where none does.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="command">What is asked of it.</param>
    public async Task<Invalid?> RefuseAsync(Guid visit, EntityCommand<Visit> command)
    {
        var named = Named(command).ToList();
        if (named.Count == 0)
        {
            return null;
        }

        await using var select = source.CreateCommand(Pictures);
        select.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, named.Select(one => one.Id).Distinct().ToArray()));
        select.Parameters.Add(Sql.Uuid(visit));
        await using var row = await select.ExecuteReaderAsync();
        var known = new HashSet<Guid>();
        while (await row.ReadAsync())
        {
            known.Add(row.GetGuid(0));
        }

        var faults = named.Where(one => !known.Contains(one.Id)).GroupBy(one => one.Field)
            .ToDictionary(fault => fault.Key, fault => (string[])[$"{fault.First().Id} is no picture that was sent for this visit"]);
        return faults.Count == 0 ? null : new(faults);
    }

    private static IEnumerable<(string Field, Guid Id)> Named(EntityCommand<Visit> command) => command switch
    {
        ActOnVisit act => Photos(act.Checklist).Concat(act.SignatureAttachmentId is { } signature ? [("signatureAttachmentId", signature)] : []),
        AnswerChecklist answer => Photos(answer.Answers),
        _ => [],
    };

    private static IEnumerable<(string Field, Guid Id)> Photos(IReadOnlyDictionary<string, ChecklistAnswer?>? answers) =>
        from answer in answers ?? new Dictionary<string, ChecklistAnswer?>()
        from id in answer.Value?.PhotoIds ?? []
        select ($"checklist.{answer.Key}.photoIds", id);
}
