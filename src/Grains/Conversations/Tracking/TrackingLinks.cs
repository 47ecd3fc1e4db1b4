using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Templates;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Conversations.Tracking;

/// <summary>
/// Makes customers' links and puts them where they belong. A message is stored with the address but for its token, and gets it as it is
/// handed to whoever sends it: neither a copy of the database nor a colleague who reads along can follow the link.
/// </summary>
internal sealed class TrackingLinks(NpgsqlDataSource source, SecretBox box, IGrainFactory grains, IOptions<TrackingOptions> options)
{
    private const string Table = "tracking_link";
    private const string Column = "sealed_token";
    private const int TokenBytes = 16;
    private const int TokenLength = 22;
    private const string Path = "/track/";

    /// <summary>What stands in the place of the token wherever the message is kept and shown.</summary>
    private const string Masked = Path + "…";

    private const string SelectSealed = "SELECT sealed_token FROM tracking_link WHERE id = $1";

    /// <summary>Whether the customer of <c>visit v</c> has asked by the link <c>l</c> for another time, and has neither got one nor taken it back.</summary>
    internal const string HasWish = """
        l.wished_at IS NOT NULL AND v.status IN ('scheduled', 'confirmed') AND coalesce(v.window_start, date_trunc('hour', v.scheduled_start)) = l.wished_from
            AND (v.confirmed_at IS NULL OR v.confirmed_at < l.wished_at)
        """;

    /// <summary>The address as messages are stored with it; null where this API has no public one.</summary>
    public string? Address => options.Value.PublicAddress is { Length: > 0 } address ? address + Masked : null;

    /// <summary>The hash by which a link is found; null for what can be no token.</summary>
    public static byte[]? HashOf(string token)
    {
        var bytes = new byte[TokenBytes];
        return token.Length == TokenLength && Base64Url.IsValid(token, out var length) && length == TokenBytes
            && Base64Url.TryDecodeFromChars(token, bytes, out _)
            ? SHA256.HashData(bytes)
            : null;
    }

    /// <summary>The visit's link, made where it has none yet.</summary>
    public Task<Result<TrackingLink>> OpenAsync(Visit visit, CommandContext context)
    {
        var (id, token) = (TrackingLink.IdOf(visit.Id), RandomNumberGenerator.GetBytes(TokenBytes));
        var command = context with
        {
            CommandId = NameBasedId.Of($"{context.CommandId}/{id}/open"), ExpectedVersion = null, OrVersions = null, MayRepeat = true,
        };
        return grains.GetGrain<IEntityGrain<TrackingLink>>(id).ExecuteAsync(
            new OpenTrackingLink(visit.Id, visit.BusinessEntity, SHA256.HashData(token), box.SealText(Table, Column, id, token)), command);
    }

    /// <summary>What a message notes of how it was made.</summary>
    /// <param name="template">The template.</param>
    /// <param name="link">The link that its text has the address of; null where it has none.</param>
    /// <param name="provider">What WhatsApp approved of it; null where that is nothing.</param>
    public static RawJson Note(Guid template, Guid? link, ProviderTemplate? provider) =>
        RowJson.ForClient(new { templateId = template, trackingLinkId = link, provider });

    /// <summary>The message as it leaves.</summary>
    public async Task<CommunicationMessage> WithTokenAsync(CommunicationMessage message, CancellationToken cancellation) =>
        LinkOf(message) is not { } link || await TokenAsync(link, cancellation) is not { } token ? message : message with
        {
            BodyText = message.BodyText?.Replace(Masked, Path + token, StringComparison.Ordinal),
            Subject = message.Subject?.Replace(Masked, Path + token, StringComparison.Ordinal),
        };

    /// <summary>A link's token; null where there is no such link.</summary>
    public async Task<string?> TokenAsync(Guid link, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectSealed);
        command.Parameters.Add(Sql.Uuid(link));
        return await command.ExecuteScalarAsync(cancellation) is string kept ? Base64Url.EncodeToString(box.OpenText(Table, Column, link, kept)) : null;
    }

    private static Guid? LinkOf(CommunicationMessage message)
    {
        if (message is not { Direction: MessageDirection.Outbound, Details: { } details })
        {
            return null;
        }

        using var json = JsonDocument.Parse(details.Text);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("trackingLinkId", out var id)
            && id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var link)
                ? link
                : null;
    }
}
