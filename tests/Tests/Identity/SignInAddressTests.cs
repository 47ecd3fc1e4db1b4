using System.Net;
using System.Net.Http.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Identity;

/// <summary>The link that sets a password goes to the person's address, which is their contact's: who edits contacts could have it sent to themselves.</summary>
[Collection(HostCollection.Name)]
public sealed class SignInAddressTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Address_IsChangedByWhoMayManageTheAccount()
    {
        var (contact, email, account) = await AccountAsync("admin");
        using var clerk = await host.WithKeyAsync("relations.read", "relations.write");
        using var keeper = await host.WithKeyAsync("relations.read", "relations.write", "users.manage");
        var another = $"x{email}";

        await (await PatchAsync(clerk, contact, another)).ProblemAsync(HttpStatusCode.Forbidden);
        await (await PatchAsync(keeper, contact, another)).ProblemAsync(HttpStatusCode.Forbidden); // an administrator has more than this key
        Assert.Equal(2L, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{account}' AND change_summary LIKE 'Refused:%'"));
        await (await PatchAsync(clerk, contact, email.ToUpperInvariant())).JsonAsync();
        Assert.Equal(email, await host.ScalarAsync<string>($"SELECT lower(email) FROM contact WHERE id = '{contact}'"));

        await (await PatchAsync(Admin, contact, another)).JsonAsync();
        Assert.Equal(another, await host.ScalarAsync<string>($"SELECT email FROM contact WHERE id = '{contact}'"));
    }

    [Fact]
    public async Task Address_OfWhoHasNoAccount_IsAnyClerksToChange()
    {
        var (contact, email) = await ContactAsync();
        using var clerk = await host.WithKeyAsync("relations.read", "relations.write");

        await (await PatchAsync(clerk, contact, $"x{email}")).JsonAsync();
    }

    [Fact]
    public async Task Address_OfOneAccount_IsNoSecondOnes()
    {
        var (_, email, _) = await AccountAsync("viewer");
        var (namesake, _) = await ContactAsync(email.ToUpperInvariant());
        var body = new { contactId = namesake, roleId = await RoleAsync("viewer") };

        using (var made = await Admin.PostAsJsonAsync("/api/users", body))
        {
            Assert.Equal("/problems/address-taken", (await made.ProblemAsync(HttpStatusCode.Conflict)).GetProperty("type").GetString());
        }

        await (await PatchAsync(Admin, namesake, $"x{email}")).JsonAsync();
        await (await Admin.PostAsJsonAsync("/api/users", body)).JsonAsync(HttpStatusCode.Created);
        var taken = await (await PatchAsync(Admin, namesake, email)).ProblemAsync(HttpStatusCode.Conflict);

        Assert.Equal("/problems/address-taken", taken.GetProperty("type").GetString());
    }

    private async Task<(Guid Contact, string Email, Guid Account)> AccountAsync(string role)
    {
        var (contact, email) = await ContactAsync();
        using var made = await Admin.PostAsJsonAsync("/api/users", new { contactId = contact, roleId = await RoleAsync(role) });
        return (contact, email, (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());
    }

    private async Task<(Guid Id, string Email)> ContactAsync(string? email = null)
    {
        email ??= $"p{Guid.NewGuid():n}@example.com";
        using var made = await Admin.PostAsJsonAsync("/api/contacts", new { firstName = "Some", lastName = "Body", email, contactType = "employee" });
        return ((await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), email);
    }

    private Task<Guid> RoleAsync(string name) => host.ScalarAsync<Guid>($"SELECT id FROM user_role WHERE role_name = '{name}' AND partner_organization_id IS NULL");

    private async Task<HttpResponseMessage> PatchAsync(HttpClient client, Guid contact, string email)
    {
        var version = await host.ScalarAsync<long>($"SELECT version FROM contact WHERE id = '{contact}'");
        return await client.MergePatchAsync($"/api/contacts/{contact}", $"{version}", $$"""{"email":"{{email}}"}""");
    }
}
