using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Platform.Entities;

/// <summary>The manner of the contract, once over every kind of entity that the API serves.</summary>
[Collection(HostCollection.Name)]
public sealed class EntityMannerTests(RunningHost host)
{
    /// <summary>Seeded, all five: another can't be made, and the manner is shown on one of them.</summary>
    private const string Seeded = "business_entity";

    public static TheoryData<string> Served =>
        [.. Kinds.All.Values.Where(kind => kind.Details is not null && kind.Table.Table is not ("vehicle" or "user_role" or "user_preference")).Select(kind => kind.Table.Table).Order(StringComparer.Ordinal)];

    [Fact]
    public void Kinds_OfTheStandardShape_AreServed() => Assert.Equal(
        Served.Cast<object[]>().Select(row => (string)row[0]).Order(StringComparer.Ordinal),
        host.Services.GetServices<IEntityRoutes>().Select(kind => kind.Table).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Entity_FromItsCreationToItsDeletion_AnswersInTheManner(string table)
    {
        var (admin, kind) = (host.Administrator, Sample.Of(host, table));
        var id = await MakeAsync(table);
        var address = $"{kind.Route}/{id}";

        using var read = await admin.GetAsync(address);
        var version = (await read.JsonAsync()).GetProperty("version").GetInt64();
        Assert.Equal($"\"{version}\"", read.Headers.ETag!.Tag);

        await ProblemAsync(await admin.MergePatchAsync(address, null, "{}"), HttpStatusCode.PreconditionRequired);
        await ProblemAsync(await admin.MergePatchAsync(address, "999", "{}"), HttpStatusCode.PreconditionFailed);
        var unknown = await ProblemAsync(await admin.MergePatchAsync(address, $"{version}", """{"noSuchField":1}"""), HttpStatusCode.BadRequest);
        Assert.Contains("noSuchField", unknown.GetRawText(), StringComparison.Ordinal);
        await ProblemAsync(await admin.MergePatchAsync(address, $"{version}", $$"""{"id":"{{Guid.NewGuid()}}"}"""), HttpStatusCode.BadRequest);

        // Nothing changed is nothing: no version, no audit row, no change.
        var before = await CountsAsync(id);
        using (var nothing = await admin.MergePatchAsync(address, $"{version}", "{}"))
        {
            Assert.Equal(version, (await nothing.JsonAsync()).GetProperty("version").GetInt64());
        }

        Assert.Equal(before, await CountsAsync(id));
        // What is seeded has none of its own, and gets some by other tests.
        Assert.True(table == Seeded || before is { Audits: > 0, Changes: > 0 });

        var nobodys = $"{kind.Route}/{Guid.NewGuid()}";
        await ProblemAsync(await admin.GetAsync(nobodys), HttpStatusCode.NotFound);
        await ProblemAsync(await admin.MergePatchAsync(nobodys, "1", "{}"), HttpStatusCode.NotFound);
        if (kind.IsDeletable)
        {
            await ProblemAsync(await admin.DeleteAsync(address, null), HttpStatusCode.PreconditionRequired);
            await ProblemAsync(await admin.DeleteAsync(address, "999"), HttpStatusCode.PreconditionFailed);
            using var deleted = await admin.DeleteAsync(address, $"{version}");
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
            await ProblemAsync(await admin.GetAsync(address), HttpStatusCode.NotFound);
            Assert.Equal((before.Audits + 1, before.Changes + 1), await CountsAsync(id));
        }
        else
        {
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await admin.DeleteAsync(address, $"{version}")).StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Creation_WithAnIdempotencyKeyAgain_MakesOne(string table)
    {
        if (table == Seeded)
        {
            return;
        }

        var (kind, sent, list, key) = (Sample.Of(host, table), await Sample.ContentAsync(host, table), await Sample.ListOfAsync(host, table), $"{Guid.NewGuid()}");
        var (body, type) = (await sent.ReadAsByteArrayAsync(), sent.Headers.ContentType);
        var ids = new List<Guid>();
        for (var time = 0; time < 2; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, list) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = type;
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await host.Administrator.SendAsync(request);
            ids.Add((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());
            Assert.Equal($"{kind.Route}/{ids[0]}", answer.Headers.Location!.OriginalString);
        }

        Assert.Equal(ids[0], ids[1]);
    }

    /// <summary>What a read masks for want of a permission, the audit masks too.</summary>
    [Theory]
    [MemberData(nameof(Served))]
    public async Task Audit_ForWhoSeesOnlyAPart_ShowsNoMoreThanTheRead(string table)
    {
        if (table == Seeded)
        {
            return;
        }

        var kind = Sample.Of(host, table);
        var id = await MakeAsync(table);
        // Who may see every kind, and of none what asks for a permission of its own.
        using var auditor = await host.WithKeyAsync([.. host.Services.GetServices<IEntityRoutes>().Select(other => other.Read).Append("audit.read").Distinct()]);

        var read = await auditor.ReadAsync($"{kind.Route}/{id}");
        var audited = (await auditor.ReadAsync($"/api/audit?recordId={id}")).GetProperty("items").EnumerateArray().Select(row => row.GetProperty("newValues")).ToList();

        Assert.NotEmpty(audited);
        Assert.Empty(audited.SelectMany(values => values.EnumerateObject())
            .Where(field => field.Value.ValueKind != JsonValueKind.Null && read.TryGetProperty(field.Name, out var seen) && seen.ValueKind == JsonValueKind.Null)
            .Select(field => field.Name));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task List_PagedWhileRowsAreMade_HasEachRowOnce(string table)
    {
        var (kind, made) = (Sample.Of(host, table), new List<Guid>());
        for (var n = 0; n < 3; n++)
        {
            made.Add(await MakeAsync(table));
        }

        var (seen, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await host.Administrator.ReadAsync($"{kind.Route}?limit=2{cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : "";
            await MakeAsync(table);
        }
        while (cursor.Length > 0 && !made.TrueForAll(seen.Contains));

        Assert.All(made, id => Assert.Single(seen, id));
        foreach (var wrong in new[] { "noSuchFilter=1", "limit=0", "cursor=x", "sort=noSuchField" })
        {
            var refused = await ProblemAsync(await host.Administrator.GetAsync($"{kind.Route}?{wrong}"), HttpStatusCode.BadRequest);
            Assert.Equal(wrong.Split('=')[0], Assert.Single(refused.GetProperty("errors").EnumerateObject()).Name);
        }
    }

    /// <summary>Each field that names another row: what is not there is named by its field.</summary>
    [Theory]
    [MemberData(nameof(Served))]
    public async Task Reference_ToARowThatIsNotThere_IsNamedByItsField(string table)
    {
        var kind = Sample.Of(host, table);
        foreach (var reference in kind.ExampleReferences.Where(reference => reference.Id is not null))
        {
            var body = await Sample.BodyAsync(host, table);
            body[reference.Field] = Guid.NewGuid();

            var refused = await ProblemAsync(await host.Administrator.PostAsJsonAsync(await Sample.ListOfAsync(host, table), body), HttpStatusCode.BadRequest);

            Assert.True(refused.GetProperty("errors").TryGetProperty(reference.Field, out _), $"{table}.{reference.Field}: {refused}");
        }
    }

    [Theory]
    [MemberData(nameof(Served))]
    public async Task Routes_WithoutTheirPermission_AreForbidden(string table)
    {
        var (kind, id) = (Sample.Of(host, table), await MakeAsync(table));
        using var reader = await host.WithKeyAsync(Sample.PermissionsFor(host, table));
        using var nobody = await host.WithKeyAsync("numbers.read");

        await ProblemAsync(await nobody.GetAsync(kind.Route), HttpStatusCode.Forbidden);
        await ProblemAsync(await nobody.GetAsync($"{kind.Route}/{id}"), HttpStatusCode.Forbidden);
        await ProblemAsync(await reader.PostAsJsonAsync(await Sample.ListOfAsync(host, table), await Sample.BodyAsync(host, table)), HttpStatusCode.Forbidden);
        await ProblemAsync(await reader.MergePatchAsync($"{kind.Route}/{id}", "1", "{}"), HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync($"{kind.Route}/{id}")).StatusCode);
    }

    private async Task<Guid> MakeAsync(string table) => table == Seeded
        ? await host.ScalarAsync<Guid>("SELECT id FROM business_entity ORDER BY random() LIMIT 1")
        : await Sample.CreateAsync(host, table);

    private async Task<(long Audits, long Changes)> CountsAsync(Guid id) => (
        await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{id}'"),
        await host.ScalarAsync<long>($"SELECT count(*) FROM change_event WHERE entity_id = '{id}'"));

    private static Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status) => answer.ProblemAsync(status);
}
