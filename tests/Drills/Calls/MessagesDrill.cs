using System.CommandLine;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Due;
using ChargeCars.Drills.Load;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Calls;

/// <summary>
/// Messages that come in from 64 at once, and messages that leave through a mail server and a text message service that fail in every way,
/// while the host is killed with -9: when the provider has a message and the host does not know it, when commits are on disk and nobody
/// has been told, and at any moment. No customer gets a message twice, none is lost, and what nobody knows is left to a person.
/// </summary>
internal static class MessagesDrill
{
    private const int Each = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills of the host while it sends.", DefaultValueFactory = _ => 6 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides the moments.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Tampered = new("--tamper")
    {
        Description = "Spoils rows before the comparison, to see that it notices: must end FAILED.",
    };

    public static Drill Drill { get; } = new(
        "messages",
        "kill -9 while messages come in from 64 at once and leave through providers that fail in every way: none doubled or lost, the unknown is a person's.",
        [Rounds, Seed, Tampered],
        (options, report, stop) => RunAsync(
            options.GetValue(Rounds), new Random(options.GetValue(Seed)), options.GetValue(Tampered), report, stop));

    private static async Task RunAsync(int rounds, Random random, bool tampered, DrillReport report, CancellationToken stop)
    {
        var (mail, texts) = (new ProviderBook(), new ProviderBook());
        await using var server = new StandInMailServer(mail);
        await using var twilio = await StandInTwilio.StartAsync(texts);
        await using var database = await DurableDatabase.StartAsync();
        await using var hosts = new DrillHosts(database);
        var host = hosts.Add(also: new Dictionary<string, string>(DueSite.Settings)
        {
            ["ChargeCars__Messages__Sender"] = "providers",
            ["ChargeCars__Messages__SmtpHost"] = "127.0.0.1",
            ["ChargeCars__Messages__SmtpPort"] = $"{server.Port}",
            ["ChargeCars__Messages__SmtpSecurity"] = "none",
            ["ChargeCars__Messages__TwilioAccountSid"] = "AC1",
            ["ChargeCars__Messages__TwilioAuthTokens"] = "the drill's token of Twilio",
            ["ChargeCars__Messages__TwilioApi"] = twilio.Address,
        });
        await DrillHosts.StartAsync(host);
        var access = await Access.SignInAsync(host.Url);
        using var client = new PatientClient(host.Url, access.Key, report);
        using var feed = new PatientClient(host.Url, access.Key, report) { ContentType = "message/rfc822" };
        var desk = await MessageDesk.MakeAsync(database, client);
        await ManyDeliveries.RunAsync(database, host, feed, report);

        var written = new List<WrittenMessage>();
        for (var round = 0; round < rounds; round++)
        {
            written.AddRange(await desk.WriteAsync(round * Each, Each));
            var how = await KillAsync(round, database, host, mail, texts, random, stop);
            report.Say($"round {round + 1} of {rounds}: killed, {how}; ready again after {(await DrillHosts.StartAsync(host)).TotalSeconds:0.0} s");
        }

        var agreement = new MessageAgreement(database, mail, texts, report);
        await agreement.SettledAsync();
        await hosts.KeepOutputAsync(host, report);
        if (tampered)
        {
            await agreement.SpoilAsync();
        }

        var uncertain = await agreement.CheckAsync(written, isDecided: false);
        if (tampered)
        {
            return;
        }

        foreach (var (message, wasSent) in uncertain)
        {
            await desk.DecideAsync(message, wasSent);
        }

        await agreement.SettledAsync();
        report.Say($"a person decided about {uncertain.Count}");
        // Of one that was sent again the line may break again.
        uncertain = await agreement.CheckAsync(written, isDecided: false);
        var unsent = uncertain.Count(one => !one.WasSent);
        report.Require(unsent == 0, () => $"{unsent} messages that a person sent again never came to their provider");
        var reached = written.Count(message => (message.IsMail ? mail : texts).Records.GetValueOrDefault(ProviderBook.NameOf(message.Number))?.Taken == 1);
        var refused = mail.Records.Values.Concat(texts.Records.Values).Count(record => record.IsRefused);
        report.Must(
            reached + refused == written.Count, $"each message was taken once ({reached}) or refused for good ({refused})",
            () => $"{written.Count} were written");
    }

    private static async Task<string> KillAsync(
        int round, DurableDatabase database, HostProcess host, ProviderBook mail, ProviderBook texts, Random random, CancellationToken stop)
    {
        var before = mail.Records.Count + texts.Records.Count;
        switch (round % 3)
        {
            case 0:
                mail.Hold();
                texts.Hold();
                await UntilAsync(() => mail.Waiting + texts.Waiting >= 8);
                var waiting = mail.Waiting + texts.Waiting;
                await host.KillAsync();
                mail.Release();
                texts.Release();
                return $"{waiting} messages taken by their providers and nobody told";
            case 1:
                await UntilAsync(() => mail.Records.Count + texts.Records.Count > before);
                await using (var gate = await CommitGate.CloseAsync(database))
                {
                    var held = await gate.WaitAsync(4);
                    await host.KillAsync();
                    return $"{held.Count} commits on disk and nobody told";
                }

            default:
                await UntilAsync(() => mail.Records.Count + texts.Records.Count > before);
                await Task.Delay(random.Next(0, 200), stop);
                await host.KillAsync();
                return "at any moment";
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var until = DateTime.UtcNow + Patience;
        while (!holds() && DateTime.UtcNow < until)
        {
            await Task.Delay(5);
        }
    }
}
