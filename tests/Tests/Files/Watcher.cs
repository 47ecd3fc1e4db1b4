using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace ChargeCars.Tests.Files;

/// <summary>A connection to the hub, and the changes that it was told.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly HubConnection _hub;
    private readonly Channel<JsonElement> _told = Channel.CreateUnbounded<JsonElement>();

    public Watcher(HubConnection hub)
    {
        _hub = hub;
        hub.On<JsonElement>("changes", message =>
        {
            foreach (var item in message.GetProperty("items").EnumerateArray())
            {
                _told.Writer.TryWrite(item.Clone());
            }
        });
    }

    public async Task StartAsync(string[] topics)
    {
        await _hub.StartAsync();
        await _hub.InvokeAsync<JsonElement>("Watch", new { topics });
    }

    /// <summary>What was told, up to a change of that entity.</summary>
    public async Task<List<JsonElement>> UntilAsync(string type, Guid entity)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var told = new List<JsonElement>();
        do
        {
            told.Add(await _told.Reader.ReadAsync(patience.Token));
        }
        while (told[^1].GetProperty("type").GetString() != type || told[^1].GetProperty("entityId").GetGuid() != entity);

        return told;
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();
}
