using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace ChargeCars.Drills.Load;

/// <summary>
/// Two dispatchers a vehicle who act on it and rename it at the same time. Every command has a text of its own that lands
/// in the row, the history, the audit and the change, so that each of these can be asked for it.
/// </summary>
internal sealed class VehicleLoad(PatientClient client, DrillReport report, IReadOnlyList<Guid> vehicles) : ILoad
{
    private static readonly string[] Actions = ["park", "drive", "maintain", "release"];

    /// <summary>By the command's text: what it was answered; null where it was refused or not answered.</summary>
    private readonly ConcurrentDictionary<string, VehicleAnswer?> _commands = new();
    private int _refused;

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(vehicles.SelectMany(vehicle => new[] { 1, 2 }.Select(async dispatcher =>
    {
        var random = new Random(HashCode.Combine(vehicle, dispatcher));
        while (!stop.IsCancellationRequested)
        {
            await (random.Next(3) == 0 ? RenameAsync(vehicle) : ActAsync(vehicle, Actions[random.Next(Actions.Length)]));
            await Task.Delay(random.Next(5, 60), CancellationToken.None);
        }
    })));

    public async Task CheckAsync(NpgsqlDataSource source, DrillReport report)
    {
        var check = await VehicleHistory.ReadAsync(source);
        check.Agree(report);
        foreach (var (text, answer) in _commands)
        {
            check.Compare(text, answer, report);
        }

        check.KnowsOnly(_commands.ContainsKey, report);
        report.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"vehicle changes: {_commands.Values.Count(answer => answer is not null)} acknowledged, {_refused} refused, {check.Changes} in the history of {vehicles.Count} vehicles"));
    }

    private async Task ActAsync(Guid vehicle, string action)
    {
        var text = $"{action} {Guid.NewGuid():N}";
        _commands[text] = null;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { reason = text });
        Note(vehicle, text, await client.SendAsync(HttpMethod.Post, $"/api/vehicles/{vehicle}/actions/{action}", body, ("Idempotency-Key", text)), "transition-refused");
    }

    private async Task RenameAsync(Guid vehicle)
    {
        var current = await client.SendAsync(HttpMethod.Get, $"/api/vehicles/{vehicle}");
        if (!current.Succeeded)
        {
            report.Violation($"vehicle {vehicle} can't be read: {(int)current.Status} {current.Body}");
            return;
        }

        var text = $"name {Guid.NewGuid():N}";
        _commands[text] = null;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { vehicleName = text });
        var answer = await client.SendAsync(
            HttpMethod.Patch, $"/api/vehicles/{vehicle}", body, ("If-Match", $"\"{current.Body.GetProperty("version")}\""), ("Idempotency-Key", text));
        Note(vehicle, text, answer, "stale-version");
    }

    private void Note(Guid vehicle, string text, Answer answer, string refusal)
    {
        if (answer.Succeeded)
        {
            _commands[text] = new(
                vehicle, answer.Body.GetProperty("version").GetInt64(),
                answer.Body.GetProperty("operationalStatus").GetString()!, answer.Body.GetProperty("vehicleName").GetString());
        }
        else if (answer.Problem == refusal)
        {
            Interlocked.Increment(ref _refused);
        }
        else
        {
            report.Violation($"change '{text}' of {vehicle} was answered {(int)answer.Status} {answer.Body}");
        }
    }
}

/// <summary>The vehicle as an acknowledged command left it.</summary>
internal sealed record VehicleAnswer(Guid Vehicle, long Version, string Status, string? Name);
