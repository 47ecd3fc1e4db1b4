using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Conversations.Media;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Conversations.Media;

/// <summary>Meta and Twilio as far as they keep media, failing as they are told to; and a host that fetches from them.</summary>
public sealed class MediaHost : IAsyncLifetime
{
    public const string Secret = "the secret of an app of Meta's";
    public const string Token = "an auth token of Twilio's";
    public const string Access = "an access token of Meta's";

    private WebApplication? _provider;

    public RunningHost Host { get; private set; } = null!;

    public string Address { get; private set; } = "";

    /// <summary>How often each path was asked for, and with which credentials.</summary>
    public ConcurrentQueue<(string Path, string? Credentials)> Asked { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _provider = builder.Build();
        _provider.Urls.Add("http://127.0.0.1:0");
        _provider.MapFallback(AnswerAsync);
        await _provider.StartAsync();
        Address = _provider.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Host = new()
        {
            Configuration =
            [
                $"--ChargeCars:Messages:WhatsappSecrets={Secret}", $"--ChargeCars:Messages:TwilioAuthTokens={Token}", "--ChargeCars:Messages:TwilioAccountSid=AC0",
                "--ChargeCars:Messages:PublicAddress=https://ops.example.nl", $"--ChargeCars:Messages:WhatsappAccessToken={Access}", $"--ChargeCars:Messages:WhatsappApi={Address}/v23.0",
                $"--ChargeCars:Messages:TwilioApi={Address}", "--ChargeCars:Messages:LargestMedia=200000",
            ],
        };
        await Host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _provider!.DisposeAsync();
    }

    // What a path ends with says how it fails.
    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        Asked.Enqueue((path, http.Request.Headers.Authorization));
        var often = Asked.Count(asked => asked.Path == path);
        switch (path.Split('-')[^1])
        {
            case "described":
                await http.Response.WriteAsJsonAsync(new { url = $"{Address}{path.Replace("described", "picture", StringComparison.Ordinal)}", mime_type = "image/png", sha256 = Sha256 });
                break;
            case "wrongsum":
                await http.Response.WriteAsJsonAsync(new { url = $"{Address}{path.Replace("wrongsum", "picture", StringComparison.Ordinal)}", sha256 = new string('0', 64) });
                break;
            case "elsewhere":
                await http.Response.WriteAsJsonAsync(new { url = "https://media.example.com/1" });
                break;
            case "gone":
                http.Response.StatusCode = 404;
                break;
            case "failing" when often < 3:
                http.Response.StatusCode = 500;
                break;
            case "redirected":
                http.Response.StatusCode = 307;
                http.Response.Headers.Location = $"{path}-picture";
                break;
            case "private":
                http.Response.StatusCode = 307;
                http.Response.Headers.Location = "https://10.0.0.1/secret";
                break;
            case "endless":
                for (var n = 0; n < 400; n++)
                {
                    await http.Response.Body.WriteAsync(new byte[1_000], http.RequestAborted);
                }

                break;
            case "large":
                http.Response.ContentLength = 50_000_000;
                await http.Response.Body.WriteAsync(new byte[100]);
                break;
            default:
                http.Response.ContentType = "text/html";
                await http.Response.Body.WriteAsync(Picture);
                break;
        }
    }

    public static byte[] Picture { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Picture));
}

/// <summary>What comes with short messages is fetched from its provider once, or is said to be lost.</summary>
public sealed class MediaTests(MediaHost media) : IClassFixture<MediaHost>
{
    private RunningHost Host => media.Host;

    [Fact]
    public async Task Picture_OfWhatsapp_IsFetchedWithTheToken_AndServedAsAPicture()
    {
        var id = $"{Guid.NewGuid():n}-described";
        var message = await WhatsappAsync(id, Convert.ToBase64String(Convert.FromHexString(MediaHost.Sha256)));

        var settled = await UntilSettledAsync(message);
        Assert.Equal(("fetched", "image/png", MediaHost.Picture.Length, MediaHost.Sha256), (
            settled.Text("state"), settled.Text("mimeType"), settled.GetProperty("fileSize").GetInt32(), settled.Text("sha256")));
        using var served = await Host.Administrator.GetAsync($"/api/messages/{message}/attachments/0");
        Assert.Equal("image/png", served.Content.Headers.ContentType!.MediaType);
        Assert.Equal(MediaHost.Picture, await served.Content.ReadAsByteArrayAsync());
        Assert.All(media.Asked.Where(asked => asked.Path.Contains(id[..32], StringComparison.Ordinal)), asked => Assert.Equal($"Bearer {MediaHost.Access}", asked.Credentials));
        Assert.Equal(1L, await Host.ScalarAsync<long>($"SELECT count(*) FROM attachment WHERE entity_type = 'communication_message' AND entity_id = '{message}'"));
        using var nobody = await Host.WithKeyAsync(new { name = "foreign", permissions = new[] { "threads.read" }, businessEntities = new[] { "ratioshop" } });
        await (await nobody.GetAsync($"/api/messages/{message}/attachments/0")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("gone", "The provider has it no more.")]
    [InlineData("elsewhere", "WhatsApp names an address at media.example.com, which gets no token.")]
    public async Task Picture_ThatWhatsappDoesNotHandOver_IsLost(string way, string fault)
    {
        var settled = await UntilSettledAsync(await WhatsappAsync($"{Guid.NewGuid():n}-{way}"));

        Assert.Equal(("lost", fault), (settled.Text("state"), settled.Text("fault")));
        Assert.DoesNotContain(media.Asked, asked => asked.Path.Contains("example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Picture_ThatIsNotWhatItsSenderSays_IsNotKept()
    {
        var message = await WhatsappAsync($"{Guid.NewGuid():n}-wrongsum");

        await Host.UntilDueAsync($"kind = 'message.fetch-media' AND command::text LIKE '%{message}%' AND last_error LIKE '%not what the provider says%'", count => count > 0);
        Assert.Equal("awaited", (await Host.Administrator.ReadAsync($"/api/messages/{message}")).GetProperty("attachments")[0].Text("state"));
        Assert.Equal(0L, await Host.ScalarAsync<long>($"SELECT count(*) FROM attachment WHERE entity_id = '{message}'"));
        await (await Host.Administrator.GetAsync($"/api/messages/{message}/attachments/0")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Picture_OfTwilio_LeadsOnWithoutTheCredentials()
    {
        var path = $"/2010-04-01/Accounts/AC0/Messages/M/Media/{Guid.NewGuid():n}-redirected";
        var settled = await UntilSettledAsync(await TwilioAsync(media.Address + path));

        Assert.Equal(("fetched", MediaHost.Sha256), (settled.Text("state"), settled.Text("sha256")));
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"AC0:{MediaHost.Token}"))}";
        Assert.Equal([(path, basic), ($"{path}-picture", null)], media.Asked.Where(asked => asked.Path.StartsWith(path, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("large")]
    public async Task Picture_ThatIsTooLarge_IsLost(string way)
    {
        var settled = await UntilSettledAsync(await TwilioAsync($"{media.Address}/{Guid.NewGuid():n}-{way}"));

        Assert.Equal("lost", settled.Text("state"));
        Assert.StartsWith("It is larger than", settled.Text("fault"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Picture_OfAProviderThatFails_IsAskedForAgain()
    {
        var path = $"/{Guid.NewGuid():n}-failing";
        var message = await TwilioAsync(media.Address + path);
        // The time for which it rests is over; what is being tried is held for less.
        var rests = $"kind = 'message.fetch-media' AND command::text LIKE '%{message}%' AND state = 'pending' AND held_until > now() + interval '12 seconds'";
        await Host.UntilAsync("due_command", async () =>
        {
            if (await Host.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM due_command WHERE {rests})"))
            {
                await Host.ExecuteAsync($"UPDATE due_command SET held_until = now() WHERE {rests}");
            }

            return (await Host.Administrator.ReadAsync($"/api/messages/{message}")).GetProperty("attachments")[0].Text("state") != "awaited";
        });
        Assert.Equal("fetched", (await UntilSettledAsync(message)).Text("state"));
        Assert.Equal(3, media.Asked.Count(asked => asked.Path == path));
    }

    [Fact]
    public async Task Address_OfNoProvider_IsNotFetchedUnlessItIsSafe()
    {
        var settled = await UntilSettledAsync(await TwilioAsync("http://media.example.com/1"));

        Assert.Equal(("lost", "Its address is not https."), (settled.Text("state"), settled.Text("fault")));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2a00:1450:400e::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.20.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    public void Address_OfAPrivateNetwork_IsNotPublic(string address, bool isPublic) => Assert.Equal(isPublic, PublicNetwork.Has(IPAddress.Parse(address)));

    private async Task<Guid> WhatsappAsync(string mediaId, string? sha256 = null)
    {
        var (account, from, id) = (await AccountAsync("whatsapp", $"10{Random.Shared.NextInt64(1_000_000_000_000, 9_999_999_999_999)}"), Number(), $"wamid.{Guid.NewGuid():n}");
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            entry = new[]
            {
                new
                {
                    changes = new[]
                    {
                        new
                        {
                            field = "messages",
                            value = new
                            {
                                metadata = new { phone_number_id = account },
                                messages = new[] { new { from, id, timestamp = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}", type = "image", image = new { id = mediaId, mime_type = "image/jpeg", sha256, caption = "Kijk" } } },
                            },
                        },
                    },
                },
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages/inbound/whatsapp") { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(MediaHost.Secret), body))}");
        using var anybody = Host.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await anybody.SendAsync(request)).StatusCode);
        return await UntilTakenAsync(id);
    }

    private async Task<Guid> TwilioAsync(string address)
    {
        const string Path = "/api/messages/inbound/sms";
        var (account, id) = (await AccountAsync("sms", $"+3197010{Random.Shared.Next(100_000, 999_999)}"), $"MM{Guid.NewGuid():n}");
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Body"] = "Kijk", ["From"] = $"+{Number()}", ["MessageSid"] = id, ["NumMedia"] = "1", ["MediaUrl0"] = address, ["MediaContentType0"] = "image/jpeg", ["To"] = account,
        };
        var signed = $"https://ops.example.nl{Path}{string.Concat(fields.Select(field => field.Key + field.Value))}";
#pragma warning disable CA5350 // Twilio signs so.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(MediaHost.Token), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Twilio-Signature", signature);
        using var twilio = Host.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await twilio.SendAsync(request)).StatusCode);
        return await UntilTakenAsync(id);
    }

    private async Task<string> AccountAsync(string channel, string address)
    {
        await Host.ExecuteAsync($"""
            INSERT INTO communication_channel (id, business_entity_id, channel, name, address)
            SELECT '{Guid.CreateVersion7()}', id, '{channel}', 'Service', '{address}' FROM business_entity WHERE entity_code = 'chargecars'
            """);
        return address;
    }

    private async Task<Guid> UntilTakenAsync(string id)
    {
        await Host.UntilAsync("communication_message", async () => await Host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}'") > 0);
        return await Host.ScalarAsync<Guid>($"SELECT id FROM communication_message WHERE external_message_id = '{id}'");
    }

    private async Task<JsonElement> UntilSettledAsync(Guid message)
    {
        await Host.UntilAsync("communication_message", async () => (await FirstAsync()).Text("state") != "awaited");
        return await FirstAsync();

        async Task<JsonElement> FirstAsync() => (await Host.Administrator.ReadAsync($"/api/messages/{message}")).GetProperty("attachments")[0];
    }

    private static string Number() => $"316{Random.Shared.Next(10_000_000, 59_999_999)}";
}
