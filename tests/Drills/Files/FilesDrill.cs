using System.CommandLine;
using ChargeCars.Drills.Kill;
using ChargeCars.Drills.Load;
using Npgsql;

namespace ChargeCars.Drills.Files;

/// <summary>Files are sent, in forms and in pieces, while the host and PostgreSQL are killed and the disk of the store fills up; then every one is read back.</summary>
internal static class FilesDrill
{
    private const int Senders = 16;
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills of each kind.", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides the order and the moments.", DefaultValueFactory = _ => 1 };

    public static Drill Drill { get; } = new(
        "files", "kill -9 of the host and of PostgreSQL, and a full disk, while files are sent: what was acknowledged is whole, the rest is swept.", [Rounds, Seed], RunAsync);

    private static async Task RunAsync(ParseResult options, DrillReport report, CancellationToken stop)
    {
        await using var disk = await SmallDisk.MakeAsync(megabytes: 512, report);
        await using var site = await Site.StartAsync(
            report,
            ("ChargeCars__Files__Folder", disk.Folder), ("ChargeCars__Attachments__PartBytes", "262144"), ("ChargeCars__Attachments__SweepInterval", "00:00:05"),
            ("ChargeCars__Attachments__SweepAfter", "00:01:00"), ("ChargeCars__Attachments__UploadLifetime", "00:03:00"));
        using var client = new PatientClient(site.Url, site.ApiKey, report);
        var vehicles = await Site.CreateVehiclesAsync(client, 4);
        var load = new FileLoad(site, report, vehicles, Senders);
        using var enough = new CancellationTokenSource();
        var running = load.RunAsync(enough.Token);
        var random = new Random(options.GetValue(Seed));
        try
        {
            for (var round = 1; round <= options.GetValue(Rounds) * 2; round++)
            {
                await Task.Delay(random.Next(300, 2_000), stop);
                var what = round % 2 == 1 ? await site.KillHostAsync() : PostgresKill.Kill(site.DataFolder, postmasterOnly: random.Next(3) == 0);
                await site.ReadyAsync();
                report.Say($"round {round}: {what}; {load.Acknowledged} files acknowledged");
            }

            await FillAsync(disk, load, report, stop);
        }
        finally
        {
            await enough.CancelAsync();
            await running;
        }

        await load.ReadBackAsync();
        await SweptAsync(site, disk, load, report, stop);
    }

    private static async Task FillAsync(SmallDisk disk, FileLoad load, DrillReport report, CancellationToken stop)
    {
        if (!disk.IsSmall)
        {
            report.Say("the disk is not filled: mounting a small one needs root");
            return;
        }

        var refused = load.Refused;
        disk.Fill();
        await UntilAsync(() => load.Refused > refused + 20, stop);
        report.Say($"the disk is full: {load.Refused - refused} requests were answered 503");
        var before = load.Acknowledged;
        disk.Free();
        await UntilAsync(() => load.Acknowledged > before + 20, stop);
        report.Say("there is room again, and files are taken");
    }

    // What was not acknowledged leaves nothing: files of rows, their thumbnails, and no other.
    private static async Task SweptAsync(Site site, SmallDisk disk, FileLoad load, DrillReport report, CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(site.Connection.ConnectionString);
        var left = disk.Files().Count;
        var rows = 0L;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromMinutes(8));
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(2), patience.Token);
            await using var count = source.CreateCommand("SELECT count(*) FROM attachment");
            rows = (long)(await count.ExecuteScalarAsync(patience.Token))!;
        }
        while (disk.Files().Count != rows);

        report.Say($"{left} files lay in the store at the end of the load; {rows} after the sweep, one for each row");
        await load.ReadBackAsync();
    }

    private static async Task UntilAsync(Func<bool> done, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!done())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
