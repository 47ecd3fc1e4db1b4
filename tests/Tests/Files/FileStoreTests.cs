using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Tests.Files;

/// <summary>What a file store promises, of both: the folder, and an S3-compatible service by its stand-in.</summary>
public sealed class FileStoreTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chargecars-files-").FullName;
    private StandInS3 _service = null!;
    private S3FileStore _s3 = null!;

    public async Task InitializeAsync()
    {
        _service = await StandInS3.StartAsync();
        _s3 = new(new() { Address = _service.Address, Bucket = StandInS3.Bucket, AccessKey = StandInS3.AccessKey, SecretKey = "secret", Prefix = "here/", Timeout = TimeSpan.FromSeconds(5) });
    }

    public async Task DisposeAsync()
    {
        _s3.Dispose();
        await _service.DisposeAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IFileStore Store(string kind) => kind == "s3" ? _s3 : new FolderFileStore(_folder);

    [Theory]
    [InlineData("folder", 1)]
    [InlineData("folder", 20_000_000)]
    [InlineData("s3", 1)]
    [InlineData("s3", 8 * 1024 * 1024)]
    [InlineData("s3", 20_000_000)]
    public async Task File_Written_IsReadWholeAndInParts(string kind, int size)
    {
        var (store, content) = (Store(kind), Sending.Random(size));

        await store.WriteAsync("attachments/a", new MemoryStream(content), CancellationToken.None);

        Assert.Equal(content, await ReadAsync(store, "attachments/a", 0, size));
        Assert.Equal(content[(size / 2)..], await ReadAsync(store, "attachments/a", size / 2, size - (size / 2)));
        Assert.Equal(content[^1..], await ReadAsync(store, "attachments/a", size - 1, 1));
        Assert.Equal(0, _service.Unfinished);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task File_WhoseStreamBreaks_IsNotThere(string kind)
    {
        var store = Store(kind);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => store.WriteAsync("attachments/a", new Breaking(10_000_000), CancellationToken.None));

        Assert.Null(await store.OpenAsync("attachments/a", 0, 1, CancellationToken.None));
        Assert.Empty(await NamesAsync(store, DateTimeOffset.MaxValue));
        Assert.Equal(0, _service.Unfinished);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("s3")]
    public async Task List_HasWhatIsOldEnoughAndDeletionTakesIt(string kind)
    {
        var store = Store(kind);
        foreach (var n in Enumerable.Range(0, 8))
        {
            await store.WriteAsync($"attachments/2026/{n}", new MemoryStream([1]), CancellationToken.None);
        }

        await store.WriteAsync("invoices/x", new MemoryStream([1]), CancellationToken.None);
        Assert.Empty(await NamesAsync(store, DateTimeOffset.UtcNow.AddHours(-1)));
        Assert.Equal(Enumerable.Range(0, 8).Select(n => $"attachments/2026/{n}"), (await NamesAsync(store, DateTimeOffset.UtcNow.AddHours(1))).Order());
        await store.DeleteAsync("attachments/2026/3", CancellationToken.None);
        await store.DeleteAsync("attachments/2026/3", CancellationToken.None);

        Assert.DoesNotContain("attachments/2026/3", await NamesAsync(store, DateTimeOffset.UtcNow.AddHours(1)));
        Assert.Null(await store.OpenAsync("attachments/2026/3", 0, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Folder_ThatCannotBeWritten_IsAFaultOfTheMoment()
    {
        var file = Path.Combine(_folder, "no-folder");
        await File.WriteAllTextAsync(file, "");
        var store = new FolderFileStore(file);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.WriteAsync("attachments/a", new MemoryStream([1]), CancellationToken.None));
    }

    [Fact]
    public async Task Name_ThatLeadsOut_IsRefused()
    {
        var store = new FolderFileStore(Path.Combine(_folder, "store"));

        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync("../a", new MemoryStream([1]), CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync("/etc/passwd", CancellationToken.None));
    }

    [Fact]
    public async Task Drafts_ThatAHostLeft_AreDiscardedOnceOld()
    {
        var drafts = Directory.CreateDirectory(Path.Combine(_folder, "drafts"));
        await File.WriteAllTextAsync(Path.Combine(drafts.FullName, "left"), "half");
        await _s3.WriteAsync("attachments/a", new MemoryStream([1]), CancellationToken.None);
        var store = new FolderFileStore(_folder);

        Assert.Equal(0, await store.DiscardUnfinishedAsync(DateTimeOffset.UtcNow.AddHours(-1), CancellationToken.None));
        Assert.Equal(1, await store.DiscardUnfinishedAsync(DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None));
        Assert.Empty(drafts.GetFiles());
        Assert.Equal(0, await _s3.DiscardUnfinishedAsync(DateTimeOffset.UtcNow.AddHours(1), CancellationToken.None));
    }

    public static TheoryData<string> Faults => ["500", "503", "denied", "silence", "half", "no bucket"];

    /// <summary>Whatever a service does instead of serving, it is a fault of the moment, and what was not acknowledged is not there.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Service_ThatFails_IsAFaultOfTheMoment(string fault)
    {
        await _s3.WriteAsync("attachments/there", new MemoryStream(Sending.Random(1000)), CancellationToken.None);
        var content = new MemoryStream(Sending.Random(9_000_000));
        _service.Fault = Failing(fault, request => request.Method != "DELETE");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _s3.WriteAsync("attachments/a", content, CancellationToken.None));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => ReadAsync(_s3, "attachments/there", 0, 1000));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => NamesAsync(_s3, DateTimeOffset.MaxValue));

        _service.Fault = null;
        Assert.Null(await _s3.OpenAsync("attachments/a", 0, 1, CancellationToken.None));
        Assert.Equal(1000, (await ReadAsync(_s3, "attachments/there", 0, 1000)).Length);
    }

    /// <summary>What a service does instead of answering.</summary>
    internal static Func<Microsoft.AspNetCore.Http.HttpRequest, Task<Microsoft.AspNetCore.Http.IResult?>> Failing(string fault, Func<Microsoft.AspNetCore.Http.HttpRequest, bool> which) => async request =>
    {
        if (!which(request))
        {
            return null;
        }

        switch (fault)
        {
            case "500" or "503":
                return Microsoft.AspNetCore.Http.Results.StatusCode(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture));
            case "denied":
                return Microsoft.AspNetCore.Http.Results.Content("<Error><Code>AccessDenied</Code></Error>", "application/xml", null, 403);
            case "no bucket":
                return Microsoft.AspNetCore.Http.Results.Content("<Error><Code>NoSuchBucket</Code></Error>", "application/xml", null, 404);
            case "half" when Microsoft.AspNetCore.Http.HttpMethods.IsGet(request.Method):
                request.HttpContext.Response.ContentLength = 1_000_000;
                await request.HttpContext.Response.Body.WriteAsync(new byte[10]);
                await request.HttpContext.Response.Body.FlushAsync();
                request.HttpContext.Abort();
                return Microsoft.AspNetCore.Http.Results.Empty;
            default:
                request.HttpContext.Abort();
                return Microsoft.AspNetCore.Http.Results.Empty;
        }
    };

    private static async Task<byte[]> ReadAsync(IFileStore store, string name, long from, int length)
    {
        await using var stream = await store.OpenAsync(name, from, length, CancellationToken.None);
        var bytes = new byte[length];
        await stream!.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task<List<string>> NamesAsync(IFileStore store, DateTimeOffset before)
    {
        var names = new List<string>();
        await foreach (var name in store.ListAsync("attachments", before, CancellationToken.None))
        {
            names.Add(name);
        }

        return names;
    }

    /// <summary>Breaks in the middle, with what no store throws itself.</summary>
    private sealed class Breaking(int at) : MemoryStream(new byte[20_000_000])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= at ? throw new InvalidTimeZoneException() : base.ReadAsync(buffer, cancellationToken);
    }
}
