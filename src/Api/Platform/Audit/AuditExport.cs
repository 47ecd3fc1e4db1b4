using System.Globalization;
using System.Text.Json;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Audit;

/// <summary>
/// The audit as a file: what the list answers, without an end of page. Read a page at a time and written as it is read, so that
/// a year takes no more memory than a day.
/// </summary>
internal sealed class AuditExport(AuditList audit, IOptions<JsonOptions> json, TimeProvider time)
{
    private static readonly string[] Formats = ["csv", "ndjson"];

    public async Task<IResult> WriteAsync(HttpContext http)
    {
        var parameters = EntityAnswers.Parameters(http).ToList();
        var format = parameters.Find(pair => pair.Key == "format").Value ?? "ndjson";
        if (!Formats.Contains(format))
        {
            return ProblemAnswers.From(Invalid.Field("format", "must be csv or ndjson"));
        }

        List<KeyValuePair<string, string>> filters = [.. parameters.Where(pair => pair.Key != "format"), KeyValuePair.Create("limit", "500")];
        var query = AuditList.Parse(filters, time.GetUtcNow());
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var caller = Caller.Of(http);
        var first = await audit.PageAsync(query.Value, caller, http.RequestAborted);
        http.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"audit.{format}\"";
        await (format == "csv" ? WriteCsvAsync(http, PagesAsync(first, filters, caller, http.RequestAborted))
            : WriteLinesAsync(http, PagesAsync(first, filters, caller, http.RequestAborted)));
        return Results.Empty;
    }

    private async IAsyncEnumerable<IReadOnlyList<AuditItem>> PagesAsync(
        Page<AuditItem> page, List<KeyValuePair<string, string>> filters, Caller caller,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            yield return page.Items;
            if (page.NextCursor is not { } cursor)
            {
                yield break;
            }

            var next = AuditList.Parse([.. filters, KeyValuePair.Create("cursor", cursor)], time.GetUtcNow());
            page = await audit.PageAsync(next.Value!, caller, cancellation);
        }
    }

    private async Task WriteLinesAsync(HttpContext http, IAsyncEnumerable<IReadOnlyList<AuditItem>> pages)
    {
        await foreach (var items in pages)
        {
            foreach (var item in items)
            {
                await JsonSerializer.SerializeAsync(http.Response.Body, item, json.Value.SerializerOptions, http.RequestAborted);
                await http.Response.WriteAsync("\n", http.RequestAborted);
            }
        }
    }

    private static async Task WriteCsvAsync(HttpContext http, IAsyncEnumerable<IReadOnlyList<AuditItem>> pages)
    {
        await using var text = new StreamWriter(http.Response.Body, leaveOpen: true);
        // A cell that a spreadsheet would take for a formula is escaped: names and summaries are other people's words.
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };
        await using var csv = new CsvWriter(text, configuration, leaveOpen: true);
        csv.WriteHeader<Line>();
        await csv.NextRecordAsync();
        await foreach (var items in pages)
        {
            foreach (var item in items)
            {
                csv.WriteRecord(Line.Of(item));
                await csv.NextRecordAsync();
            }
        }
    }

    /// <summary>A row of the file; values as the JSON that the list has them in.</summary>
    private sealed record Line(
        Guid Id, string CreatedAt, string TableName, Guid RecordId, string? Action, string? OldValues, string? NewValues, string? ChangedBy,
        Guid? ChangedByContactId, string? ChangeSummary, long? Version, string? IpAddress, string? UserAgent)
    {
        public static Line Of(AuditItem item) => new(
            item.Id, item.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), item.TableName, item.RecordId, item.Action,
            item.OldValues?.ToJsonString(), item.NewValues?.ToJsonString(), item.ChangedBy, item.ChangedByContactId, item.ChangeSummary,
            item.Version, item.IpAddress, item.UserAgent);
    }
}
