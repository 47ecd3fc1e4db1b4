using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Relations;

/// <summary>What people type wrong about organizations, contacts and prices, over HTTP: the field is named, and nothing is half stored.</summary>
[Collection(HostCollection.Name)]
public sealed class RelationInputTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Contact_SecondPrimaryOfAnOrganization_IsRefusedAndAnyOtherIsNot()
    {
        var (organization, other) = (await Sample.CreateAsync(host, "organization"), await Sample.CreateAsync(host, "organization"));
        await MadeAsync("contact", new { organizationId = organization, isPrimary = true });

        var refused = await (await PostAsync("contact", new { organizationId = organization, isPrimary = true })).ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal("/problems/primary-taken", refused.GetProperty("type").GetString());
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM contact WHERE organization_id = '{organization}'"));
        await MadeAsync("contact", new { organizationId = organization, isPrimary = false });
        await MadeAsync("contact", new { organizationId = other, isPrimary = true });
    }

    /// <summary>Two at the same moment: the database holds it, whoever decides.</summary>
    [Fact]
    public async Task Contact_ManyPrimariesAtOnce_OneIsTheFirst()
    {
        var organization = await Sample.CreateAsync(host, "organization");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("contact", new { organizationId = organization, isPrimary = true })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.Created), answer => Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode));
    }

    [Theory]
    [InlineData("kvkNumber", "123456789")]
    [InlineData("vatNumber", "NL123456789B90")]
    [InlineData("organizationType", "van")]
    [InlineData("organizationType", "installer")]
    [InlineData("businessEntity", "customer_business")]
    [InlineData("name", "Bakkerij \u202Eseirv ed")]
    [InlineData("name", "Bakkerij\u0007")]
    [InlineData("name", "\u200B")]
    [InlineData("email", "info@")]
    [InlineData("website", "javascript:alert(1)")]
    public async Task Organization_WithAWrongField_IsRefusedByItsName(string field, string value)
    {
        var body = await Sample.BodyAsync(host, "organization");
        body[field] = value;

        Assert.Equal([field], await (await Admin.PostAsJsonAsync("/api/organizations", body)).FaultyFieldsAsync());
    }

    /// <summary>A sole trader's number passes the second test alone, and is as good.</summary>
    [Theory]
    [InlineData("NL002455799B11", "NL002455799B11")]
    [InlineData("nl 0044.95.445.B-01", "NL004495445B01")]
    public async Task Organization_WithAVatNumberOfEitherKind_IsKept(string typed, string kept)
    {
        var body = await Sample.BodyAsync(host, "organization");
        body["vatNumber"] = typed;

        Assert.Equal(kept, (await (await Admin.PostAsJsonAsync("/api/organizations", body)).JsonAsync(HttpStatusCode.Created)).GetProperty("vatNumber").GetString());
    }

    [Theory]
    [InlineData("12.345")]
    [InlineData("100000000.00")]
    [InlineData("-0.01")]
    [InlineData("1e30")]
    [InlineData("\"twelve\"")]
    public async Task Price_ThatIsNoAmount_IsRefusedByItsName(string value)
    {
        var body = await Sample.BodyAsync(host, "product");
        body["unitPrice"] = JsonNode.Parse(value);

        Assert.Equal(["unitPrice"], await (await Admin.PostAsJsonAsync("/api/products", body)).FaultyFieldsAsync());
    }

    /// <summary>A row that the caller does not see is answered like one that does not exist, by the same words.</summary>
    [Fact]
    public async Task Reference_ToARowOutOfScope_IsAnsweredLikeOneThatIsNotThere()
    {
        var theirs = await MadeAsync("organization", new { businessEntity = "ratioshop" });
        using var limited = await host.WithKeyAsync(new
        {
            name = "limited", permissions = new[] { "relations.read", "relations.write" }, businessEntities = new[] { "chargecars" },
        });
        var nobodys = Guid.NewGuid();

        var (foreign, missing) = (await AskAsync(theirs), await AskAsync(nobodys));

        Assert.Equal(missing.Replace($"{nobodys}", "ID", StringComparison.Ordinal), foreign.Replace($"{theirs}", "ID", StringComparison.Ordinal));
        Assert.Contains("organizationId", foreign, StringComparison.Ordinal);

        async Task<string> AskAsync(Guid organization)
        {
            var body = await Sample.BodyAsync(host, "contact");
            body["organizationId"] = organization;
            using var answer = await limited.PostAsJsonAsync("/api/contacts", body);
            return (await answer.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetRawText();
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string table, object with)
    {
        var body = await Sample.BodyAsync(host, table);
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(with)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        return await Admin.PostAsJsonAsync(Sample.Of(host, table).Route, body);
    }

    private async Task<Guid> MadeAsync(string table, object with)
    {
        using var answer = await PostAsync(table, with);
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
