using System.Net;
using System.Net.Http.Headers;

namespace ChargeCars.Tests.Hosting;

/// <summary>The operator's file of streets is served in ranges of bytes, to who is signed in; what the page draws of it is in the screen's tests.</summary>
public sealed class MapFileTests : IAsyncLifetime
{
    private const string Path = "/map/streets.pmtiles";

    private static readonly byte[] Content = [.. "PMTiles\u0003"u8, .. Enumerable.Range(0, 1_000).Select(n => (byte)n)];

    private readonly string _file = System.IO.Path.GetTempFileName();
    private RunningHost _host = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllBytesAsync(_file, Content);
        _host = new() { Configuration = [$"--ChargeCars:Screen:MapFile={_file}"] };
        await _host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task File_IsReadInParts_AndClosedToStrangers()
    {
        using var part = await GetAsync(100, 199);
        Assert.Equal((HttpStatusCode.PartialContent, 100L), (part.StatusCode, part.Content.Headers.ContentLength!.Value));
        Assert.Equal(Content[100..200], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 100-199/{Content.Length}", part.Content.Headers.ContentRange!.ToString());
        using var end = await GetAsync(1_000, 9_999);
        Assert.Equal(Content[1_000..], await end.Content.ReadAsByteArrayAsync());
        using var beyond = await GetAsync(5_000, 6_000);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using var head = await _host.Administrator.SendAsync(new(HttpMethod.Head, Path));
        Assert.Equal((HttpStatusCode.OK, (long)Content.Length), (head.StatusCode, head.Content.Headers.ContentLength!.Value));
        Assert.Equal(part.Headers.ETag, head.Headers.ETag);

        using var stranger = _host.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Path)).StatusCode);
    }

    [Fact]
    public async Task File_ThatWasReplaced_HasAnotherTag()
    {
        using var before = await GetAsync(0, 9);
        await File.WriteAllBytesAsync(_file, [.. Content, 1, 2, 3]);

        using var after = await GetAsync(0, 9);

        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    private Task<HttpResponseMessage> GetAsync(long from, long to) =>
        _host.Administrator.SendAsync(new(HttpMethod.Get, Path) { Headers = { Range = new RangeHeaderValue(from, to) } });
}
