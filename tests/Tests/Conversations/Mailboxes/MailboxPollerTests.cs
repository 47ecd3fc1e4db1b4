using System.Net;
using ChargeCars.Conversations.Intake;
using ChargeCars.Conversations.Mailboxes;
using ChargeCars.Tests.Conversations.Mail;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Conversations.Mailboxes;

/// <summary>Mailboxes that are read by IMAP: each mail once, whatever the server and the hosts do.</summary>
[Collection(HostCollection.Name)]
public sealed class MailboxPollerTests(RunningHost host)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Mails_AreTakenOnceEach_AndMarkedAfterThat()
    {
        await using var server = new StandInImap();
        var box = await Mailbox.OpenAsync(host);
        var ids = new[] { Mailbox.NewId(), Mailbox.NewId(), Mailbox.NewId() };
        foreach (var id in ids)
        {
            server.Add(box.Mail(Mailbox.Customer(), id, "Vraag", "Kan dat?"));
        }

        Assert.Equal(3, await PollAsync(server, box));
        Assert.Equal([1u, 2u, 3u], server.Seen.Keys.Order());
        // Before its time it is not read; then there is nothing new.
        Assert.Null(await PollAsync(server, box));
        Assert.Equal(0, await PollLaterAsync(server, box));
        server.Add(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Nog een", "Dat ook?"));
        Assert.Equal(1, await PollLaterAsync(server, box));

        await UntilAsync(3, $"SELECT count(*) FROM communication_message WHERE external_message_id = ANY (ARRAY['{string.Join("','", ids)}']) AND channel_account_id = '{box.Id}'");
        Assert.Equal("7/4", await host.ScalarAsync<string>($"SELECT uid_validity || '/' || last_uid FROM mailbox_cursor WHERE channel_account_id = '{box.Id}'"));
        Assert.Equal([1u, 2u, 3u, 4u], server.Fetched);
    }

    [Fact]
    public async Task Mail_ThatTheServerOrTheReaderCannotRead_DoesNotBlockTheNext()
    {
        await using var server = new StandInImap();
        var (box, good, late) = (await Mailbox.OpenAsync(host), Mailbox.NewId(), Mailbox.NewId());
        server.Add([0, 1, 2, 255, 13, 10]);
        var refused = server.Add(box.Mail(Mailbox.Customer(), late, "Later", "Kan dat?"));
        server.Add(box.Mail(Mailbox.Customer(), good, "Vraag", "Kan dat?"));
        server.Refused[refused] = true;

        Assert.Equal(2, await PollAsync(server, box));
        await UntilAsync(1, $"SELECT count(*) FROM communication_message WHERE external_message_id = '{good}'");
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM mailbox_missed WHERE channel_account_id = '{box.Id}' AND uid = {refused}"));
        Assert.Equal(0, await PollLaterAsync(server, box));
        server.Refused.Clear();
        Assert.Equal(1, await PollLaterAsync(server, box));
        await UntilAsync(1, $"SELECT count(*) FROM communication_message WHERE external_message_id = '{late}'");
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM mailbox_missed WHERE channel_account_id = '{box.Id}'"));
        // What is no mail is kept all the same.
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM inbound_message WHERE channel_account_id = '{box.Id}' AND body = '\\x000102ff0d0a'"));
    }

    [Fact]
    public async Task Folder_ThatIsNumberedAnew_IsReadAgainAndNothingComesTwice()
    {
        await using var server = new StandInImap();
        var (box, id, fresh) = (await Mailbox.OpenAsync(host), Mailbox.NewId(), Mailbox.NewId());
        var mail = box.Mail(Mailbox.Customer(), id, "Vraag", "Kan dat?");
        server.Add(mail);
        Assert.Equal(1, await PollAsync(server, box));
        await UntilAsync(1, $"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}'");

        (server.UidValidity, server.NextUid) = (8, 100);
        server.Remove(1);
        server.Add(mail);
        server.Add(box.Mail(Mailbox.Customer(), fresh, "Nieuw", "Kan dat?"));
        Assert.Equal(1, await PollLaterAsync(server, box));

        await UntilAsync(1, $"SELECT count(*) FROM communication_message WHERE external_message_id = '{fresh}'");
        Assert.Equal([1u, 101u], server.Fetched);
        Assert.Equal("8/101/false", await host.ScalarAsync<string>($"SELECT uid_validity || '/' || last_uid || '/' || is_rescan FROM mailbox_cursor WHERE channel_account_id = '{box.Id}'"));
    }

    [Fact]
    public async Task Connection_ThatEnds_CostsNoMail_AndTheServerIsLeftAloneForLonger()
    {
        await using var server = new StandInImap();
        var (box, ids) = (await Mailbox.OpenAsync(host), new[] { Mailbox.NewId(), Mailbox.NewId(), Mailbox.NewId() });
        foreach (var id in ids)
        {
            server.Add(box.Mail(Mailbox.Customer(), id, "Vraag", "Kan dat?"));
        }

        server.DropsAfter = 2;
        Assert.Null(await PollAsync(server, box));
        Assert.Equal(1, await host.ScalarAsync<int>($"SELECT failures FROM mailbox_cursor WHERE channel_account_id = '{box.Id}' AND last_error IS NOT NULL"));
        server.RefusesPassword = true;
        Assert.Null(await PollLaterAsync(server, box));
        // Twice as long now.
        var connections = server.Connections;
        Assert.Null(await PollLaterAsync(server, box));
        Assert.Equal(connections, server.Connections);
        server.RefusesPassword = false;
        Assert.NotNull(await PollLaterAsync(server, box));

        await UntilAsync(3, $"SELECT count(*) FROM communication_message WHERE external_message_id = ANY (ARRAY['{string.Join("','", ids)}'])");
        Assert.Equal(0, await host.ScalarAsync<int>($"SELECT failures FROM mailbox_cursor WHERE channel_account_id = '{box.Id}' AND last_error IS NULL"));
    }

    [Fact]
    public async Task Hosts_ThatLookAtOnce_ReadItOnce()
    {
        await using var server = new StandInImap();
        var box = await Mailbox.OpenAsync(host);
        server.Add(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", "Kan dat?"));

        var kept = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PollAsync(server, box)));

        Assert.Equal(1, kept.Sum());
        Assert.Equal(1u, Assert.Single(server.Fetched));
    }

    [Fact]
    public async Task Mail_ThatIsTooLarge_IsToldOfByItsHeaders()
    {
        await using var server = new StandInImap { ToldSize = 50 * 1024 * 1024 };
        var (box, id) = (await Mailbox.OpenAsync(host), Mailbox.NewId());
        server.Add(Eml.Of(
            $"From: Klant <{Mailbox.Customer()}>\nTo: {box.Address}\nMessage-ID: <{id}>\nSubject: Foto's\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=x", "--x\n\nveel\n--x--"));

        Assert.Equal(1, await PollAsync(server, box));

        await UntilAsync(1, $"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}' AND subject = 'Foto''s' AND body_text LIKE '%50 MB is too large%'");
    }

    [Fact]
    public async Task Mail_InBlindCopy_IsTheMailboxes()
    {
        await using var server = new StandInImap();
        var (box, id) = (await Mailbox.OpenAsync(host, "ratioshop"), Mailbox.NewId());
        server.Add(Eml.Of($"From: Klant <{Mailbox.Customer()}>\nTo: iemand.anders@example.nl\nMessage-ID: <{id}>\nSubject: Ter info", "Zie onder."));

        Assert.Equal(1, await PollAsync(server, box));

        await UntilAsync(1, $"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}' AND channel_account_id = '{box.Id}'");
    }

    [Fact]
    public async Task Channel_ThatIsNotActive_IsNotRead()
    {
        await using var server = new StandInImap();
        var box = await Mailbox.OpenAsync(host);
        await host.ExecuteAsync($"UPDATE communication_channel SET is_active = false WHERE id = '{box.Id}'");

        Assert.Null(await PollAsync(server, box));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Mailbox_WithATokenAddress_SignsInWithAToken()
    {
        await using var server = new StandInImap();
        var asked = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var issuer = builder.Build();
        issuer.Urls.Add("http://127.0.0.1:0");
        issuer.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            asked++;
            return form["client_secret"] == "a secret of the program" ? Results.Json(new { access_token = "a token", expires_in = 3600 }) : Results.Json(new { error = "invalid_client" }, statusCode: 401);
        });
        await issuer.StartAsync();
        var address = issuer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var box = await Mailbox.OpenAsync(host);
        server.Add(box.Mail(Mailbox.Customer(), Mailbox.NewId(), "Vraag", "Kan dat?"));
        var settings = SettingsOf(server, box);
        (settings.Password, settings.TokenAddress, settings.ClientId, settings.ClientSecret) = (null, $"{address}/token", "chargecars", "a secret of the program");
        var poller = Poller();

        Assert.Equal(1, await poller.PollAsync(settings, CancellationToken.None));
        Assert.Equal("a token", server.Token);
        _time.Advance(settings.Interval);
        Assert.Equal(0, await poller.PollAsync(settings, CancellationToken.None));
        Assert.Equal(1, asked);
        settings.ClientSecret = "another";
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await poller.PollAsync(settings, CancellationToken.None));
        var error = await host.ScalarAsync<string>($"SELECT last_error FROM mailbox_cursor WHERE channel_account_id = '{box.Id}'");
        Assert.Contains("invalid_client", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_ThatAreFaulty_AreRefusedByTheirKey()
    {
        var options = new MailboxOptions { Mailboxes = { new() { Address = "desk", Port = 0, Security = "none", Host = "imap.example.nl", Interval = TimeSpan.FromSeconds(1) } } };

        var faults = new MailboxOptions.Validator().Validate(null, options).Failures!.ToList();

        foreach (var key in new[] { "Address", "Port", "Security", "Password", "Interval" })
        {
            Assert.Contains(faults, fault => fault.StartsWith($"ChargeCars:Messages:Mailboxes:0:{key} ", StringComparison.Ordinal));
        }
    }

    private static MailboxOptions.Mailbox SettingsOf(StandInImap server, Mailbox box) => new()
    {
        Address = box.Address, Host = "127.0.0.1", Port = server.Port, Security = "none", UserName = StandInImap.Account, Password = StandInImap.Password,
    };

    private Task<int?> PollAsync(StandInImap server, Mailbox box) => Poller().PollAsync(SettingsOf(server, box), CancellationToken.None);

    private Task<int?> PollLaterAsync(StandInImap server, Mailbox box)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        return PollAsync(server, box);
    }

    private MailboxPoller Poller()
    {
        var source = host.Services.GetRequiredService<NpgsqlDataSource>();
        var cursors = new MailboxCursors(source, _time);
        var reader = new MailboxReader(cursors, host.Services.GetRequiredService<InboundStore>(), TimeProvider.System, NullLogger<MailboxReader>.Instance);
        return new(
            cursors, reader, new MailboxTokens(host.Services.GetRequiredService<IHttpClientFactory>(), _time), source, Options.Create(new MailboxOptions()), _time, NullLogger<MailboxPoller>.Instance);
    }

    private Task UntilAsync(long count, string sql) => host.UntilAsync("communication_message", async () => await host.ScalarAsync<long>(sql) == count);
}
