using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Secrets;
using ChargeCars.Tests.Platform.Audit;
using ChargeCars.Tests.Platform.Entities;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Identity;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OtpNet;

namespace ChargeCars.Tests.Platform.Secrets;

/// <summary>One secret of every kind that the program or the schema knows, in the database of a running host; and how each would look in plain text.</summary>
internal sealed class EveryKindOfSecret
{
    public const string Password = "a password of the dump";
    private readonly List<(string Kind, string Text)> _plain = [];

    /// <summary>Every secret in every form that a dump or a log would have it in.</summary>
    public IReadOnlyList<(string Kind, string Text)> Plain => _plain;

    /// <summary>Somebody with two factors, logged in; of the password above.</summary>
    public required Guid UserId { get; init; }

    public required string Email { get; init; }

    /// <summary>Two rows of <c>partner_integration</c>.</summary>
    public required Guid[] Partners { get; init; }

    public static async Task<EveryKindOfSecret> MakeAsync(RunningHost host, KeptNotifications sent)
    {
        var (user, email) = await NewUserAsync(host);
        var secrets = new EveryKindOfSecret { UserId = user, Email = email, Partners = [Guid.CreateVersion7(), Guid.CreateVersion7()] };
        await secrets.AddAccountAsync(host, sent);
        await secrets.AddApiKeysAsync(host);
        await secrets.AddTelephonyTokensAsync(host);
        await secrets.AddFileLinkAsync(host);
        await secrets.AddTrackingLinkAsync(host);
        await secrets.AddKeyRingsAsync(host);
        await secrets.AddPartnersAsync(host);
        return secrets;
    }

    private static async Task<(Guid Id, string Email)> NewUserAsync(RunningHost host)
    {
        var contact = Guid.CreateVersion7();
        var email = $"{contact:n}@example.nl";
        // There is no endpoint for contacts yet.
        await ObservedChange.AsideAsync(
            host.Database, $"INSERT INTO contact (id, first_name, last_name, email) VALUES ('{contact}', 'Test', 'Person', '{email}')");
        var viewer = await host.ScalarAsync<Guid>("SELECT id FROM user_role WHERE role_name = 'viewer'");
        using var made = await host.Administrator.PostAsJsonAsync("/api/users", new { contactId = contact, roleId = viewer });
        return ((await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid(), email);
    }

    // The password by its link, a login, a refresh, two factors, and links and a challenge that are still under way.
    private async Task AddAccountAsync(RunningHost host, KeptNotifications sent)
    {
        using var person = host.Anonymous();
        var invitation = await sent.TokenAsync(Email);
        AddText("password of the administrator", RunningHost.Password);
        AddText("password", Password);
        (await person.PostAsJsonAsync("/api/auth/password/reset", new { token = invitation, password = Password })).EnsureSuccessStatusCode();
        var login = await (await person.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password })).JsonAsync();
        var former = login.GetProperty("refreshToken").GetString()!;
        var fresh = await (await person.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = former })).JsonAsync();
        var access = fresh.GetProperty("accessToken").GetString()!;
        AddText("access token", access);
        AddText("access token's signature", access[(access.LastIndexOf('.') + 1)..]);
        AddToken("refresh token that was replaced", SecretText.RefreshToken, former);
        AddToken("refresh token", SecretText.RefreshToken, fresh.GetProperty("refreshToken").GetString()!);

        person.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        var key = (await (await person.PostAsync("/api/auth/two-factor/setup", null)).JsonAsync()).GetProperty("secret").GetString()!;
        AddText("authenticator's key", key);
        AddBytes("authenticator's key", Base32Encoding.ToBytes(key));
        var code = new Totp(Base32Encoding.ToBytes(key)).ComputeTotp();
        var codes = (await (await person.PostAsJsonAsync("/api/auth/two-factor/enable", new { password = Password, code })).JsonAsync()).GetProperty("codes");
        foreach (var recovery in codes.EnumerateArray())
        {
            AddText("recovery code", recovery.GetString()!);
            AddText("recovery code", recovery.GetString()!.Replace("-", "", StringComparison.Ordinal));
        }

        AddText("invitation", invitation[32..]);
        await person.PostAsJsonAsync("/api/auth/password/forgot", new { email = Email });
        AddText("reset token", (await sent.TokenAsync(Email))[32..]);
        await person.PostAsync("/api/auth/email/send", null);
        AddText("verification token", (await sent.TokenAsync(Email))[32..]);
        var challenge = await (await host.Anonymous().PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password })).JsonAsync();
        AddText("challenge", challenge.GetProperty("challenge").GetString()!);
    }

    private async Task AddApiKeysAsync(RunningHost host)
    {
        var made = await (await host.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "dump", permissions = new[] { "vehicles.read" } }))
            .JsonAsync(HttpStatusCode.Created);
        var rotated = await (await host.Administrator.PostAsync($"/api/api-keys/{made.GetProperty("id").GetGuid()}/actions/rotate", null)).JsonAsync();
        AddToken("API key that was replaced", SecretText.ApiKey, made.GetProperty("key").GetString()!);
        AddToken("API key", SecretText.ApiKey, rotated.GetProperty("key").GetString()!);
    }

    private async Task AddTelephonyTokensAsync(RunningHost host)
    {
        var made = await (await host.Administrator.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "dump" })).JsonAsync(HttpStatusCode.Created);
        var token = made.GetProperty("token").GetString()!;
        AddText("telephony system's token", token);
        using var sent = await host.Anonymous().PostAsJsonAsync(
            "/api/telephony/aircall", new { resource = "call", @event = "call.created", timestamp = 1_796_000_000, token, data = new { id = 16 } });
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private async Task AddFileLinkAsync(RunningHost host)
    {
        var file = await Sample.CreateAsync(host, "attachment");
        using var made = await host.Administrator.PostAsJsonAsync($"/api/attachments/{file}/links", new { expiresAt = DateTimeOffset.UtcNow.AddHours(1) });
        var link = new Uri((await made.JsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString()!);
        AddText("link to a file", link.Query[(link.Query.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        using var read = await host.Anonymous().GetAsync(link.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    // Of a customer who was told that a van is on its way: the text that left has it, and nothing that stays.
    private async Task AddTrackingLinkAsync(RunningHost host)
    {
        var told = await Conversations.Tracking.Underway.BeginAsync(host, "chargecars");
        var token = await told.TokenAsync();
        AddText("customer's link", token);
        using var read = await host.Anonymous().GetAsync($"/api/track/{token}");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var page = await host.Anonymous().GetAsync($"/track/{token}");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private async Task AddKeyRingsAsync(RunningHost host)
    {
        var box = host.Services.GetRequiredService<SecretBox>();
        await using (var select = host.Database.DataSource.CreateCommand("SELECT id, secret FROM signing_key"))
        await using (var row = await select.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                AddBytes("signing key", box.Open("signing_key", "secret", row.GetGuid(0), row.GetFieldValue<byte[]>(1)));
            }
        }

        foreach (var key in host.Services.GetRequiredService<IKeyManager>().GetAllKeys())
        {
            var master = key.Descriptor.ExportToXml().SerializedDescriptorElement.Descendants("masterKey").Single();
            AddBytes("key of the Data Protection ring", Convert.FromBase64String(master.Value));
        }

        AddBytes("master key", Convert.FromBase64String(await File.ReadAllTextAsync(host.MasterKeyFile)));
        await using var name = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT current_user::text");
        AddText("password of the application's role", host.Services.GetRequiredService<MasterKey>().Derive($"database role {await name.ExecuteScalarAsync()}"));
    }

    // Nothing writes partners' credentials yet; these are written as whoever will must.
    private async Task AddPartnersAsync(RunningHost host)
    {
        var box = host.Services.GetRequiredService<SecretBox>();
        foreach (var id in Partners)
        {
            var sealedSecrets = new[] { "api_key", "api_secret", "webhook_secret" }.Select(column =>
            {
                var secret = $"whsec_{column}_{id:n}";
                AddText($"partner's {column}", secret);
                return box.SealText("partner_integration", column, id, Encoding.UTF8.GetBytes(secret));
            }).ToArray();
            await ObservedChange.AsideAsync(host.Database, $"""
                INSERT INTO partner_integration (id, partner_organization_id, integration_name, api_key, api_secret, webhook_secret)
                VALUES ('{id}', '{id}', 'Partner', '{sealedSecrets[0]}', '{sealedSecrets[1]}', '{sealedSecrets[2]}')
                """);
        }
    }

    private void AddToken(string kind, SecretText form, string text)
    {
        Assert.True(form.TryRead(text, out _, out var secret));
        AddText(kind, text);
        AddBytes(kind, secret);
    }

    private void AddText(string kind, string text)
    {
        _plain.Add((kind, text));
        AddBytes(kind, Encoding.UTF8.GetBytes(text));
    }

    // bytea is dumped as hex, and rows keep bytes in text as base64.
    private void AddBytes(string kind, byte[] bytes) => _plain.AddRange(
        [(kind, Convert.ToHexStringLower(bytes)), (kind, Convert.ToBase64String(bytes).TrimEnd('=')), (kind, Base64Url.EncodeToString(bytes))]);
}
