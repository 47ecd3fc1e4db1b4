using System.Text.Json.Nodes;
using ChargeCars.Api.Identity;

namespace ChargeCars.Api.Platform.Audit;

/// <summary>
/// Fields that a read shows to some callers only: the audit of the same rows shows them to no others. The feature that masks its reads
/// registers it, as the audit knows no feature.
/// </summary>
/// <param name="Table">Whose rows.</param>
/// <param name="Shows">Whether a caller sees the fields.</param>
/// <param name="Fields">The fields, by the names that clients know.</param>
internal sealed record AuditMask(string Table, Func<Caller, bool> Shows, params string[] Fields)
{
    /// <summary>The values without what the caller does not see.</summary>
    public JsonNode? Of(JsonNode? values, Caller caller)
    {
        if (values is not JsonObject fields || Shows(caller) || !Fields.Any(fields.ContainsKey))
        {
            return values;
        }

        var masked = fields.DeepClone().AsObject();
        foreach (var name in Fields.Where(fields.ContainsKey))
        {
            masked[name] = null;
        }

        return masked;
    }
}
