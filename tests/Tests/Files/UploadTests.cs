using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using ChargeCars.Testing;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;

namespace ChargeCars.Tests.Files;

/// <summary>Files in pieces, by the tus protocol.</summary>
[Collection(HostCollection.Name)]
public sealed class UploadTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task Upload_InPieces_BecomesTheAttachmentOfItsId()
    {
        var (order, content) = (await Sample.CreateAsync(host, "order"), Sending.Random(700_000));
        var upload = await Admin.UploadAsync("order", order, content.Length, "kabelroute é.dat");

        using var first = await Admin.ContinueAsync(upload, 0, content[..300_000]);
        Assert.Equal((HttpStatusCode.NoContent, 300_000L), (first.StatusCode, first.Offset()));
        Assert.Equal(300_000, await Admin.OffsetAsync(upload));
        using var rest = await Admin.ContinueAsync(upload, 300_000, content[300_000..]);
        Assert.Equal((HttpStatusCode.NoContent, 700_000L), (rest.StatusCode, rest.Offset()));

        var file = await Admin.ReadAsync($"/api/attachments/{Id(upload)}");
        Assert.Equal(Sending.Sha256(content), file.GetProperty("sha256").GetString());
        Assert.Equal("kabelroute é.dat", file.GetProperty("fileName").GetString());
        Assert.Equal(content, await Admin.GetByteArrayAsync(file.GetProperty("fileUrl").GetString()));
        // Asked for once more it is still done, and its pieces are gone.
        Assert.Equal(700_000, await Admin.OffsetAsync(upload));
        Assert.Equal(0, await host.ScalarAsync<long>($"SELECT count(*) FROM attachment_upload_part WHERE upload_id = '{Id(upload)}'"));
        Assert.Equal(1, await host.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE record_id = '{Id(upload)}' AND action = 'CREATE'"));
    }

    [Fact]
    public async Task Upload_BrokenOff_KeepsWhatCame()
    {
        // More than lies between a client and the server's reading of it, so that some of it was surely read.
        const int Sent = 18_000_000;
        var (order, content) = (await Sample.CreateAsync(host, "order"), Sending.Random(20_000_000));
        var upload = await Admin.UploadAsync("order", order, content.Length);

        await Assert.ThrowsAnyAsync<Exception>(() => Admin.ContinueAsync(upload, 0, new Halting(content, Sent)));

        var kept = 0L;
        await host.UntilAsync("attachment_upload", async () => (kept = await Admin.OffsetAsync(upload)) > 0);

        Assert.InRange(kept, 1, Sent);
        for (var since = Stopwatch.StartNew(); (kept = await Admin.OffsetAsync(upload)) < content.Length;)
        {
            Assert.True(since.Elapsed < Patience.Limit, $"Stands at {kept}");
            // The request that broke off may still be at its last piece: then this one is told so.
            try
            {
                using var rest = await Admin.ContinueAsync(upload, kept, content[(int)kept..]);
                Assert.Contains(rest.StatusCode, new[] { HttpStatusCode.NoContent, HttpStatusCode.Conflict });
            }
            catch (HttpRequestException)
            {
                // It was told so before it had sent all.
            }
        }

        Assert.Equal(Sending.Sha256(content), (await Admin.ReadAsync($"/api/attachments/{Id(upload)}")).GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Upload_TakenUpByManyAtOnce_IsWholeAndOne()
    {
        var (order, content) = (await Sample.CreateAsync(host, "order"), Sending.Random(1_000_000));
        var upload = await Admin.UploadAsync("order", order, content.Length);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            long offset;
            for (var since = Stopwatch.StartNew(); (offset = await Admin.OffsetAsync(upload)) < content.Length;)
            {
                Assert.True(since.Elapsed < Patience.Limit, $"Stands at {offset}");
                using var answer = await Admin.ContinueAsync(upload, offset, content[(int)offset..Math.Min(content.Length, (int)offset + 90_000 + (n * 1000))]);
                Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NoContent, HttpStatusCode.Conflict });
            }
        }));

        var file = await Admin.ReadAsync($"/api/attachments/{Id(upload)}");
        Assert.Equal(Sending.Sha256(content), file.GetProperty("sha256").GetString());
        Assert.Equal(content, await Admin.GetByteArrayAsync(file.GetProperty("fileUrl").GetString()));
        Assert.Equal(1, await host.ScalarAsync<long>($"SELECT count(*) FROM attachment WHERE id = '{Id(upload)}'"));
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("foto\u202Egpj.exe", "fotogpj.exe")]
    public async Task Name_ThatLeadsElsewhereOrDeceives_IsMadePlain(string sent, string kept)
    {
        var upload = await Admin.UploadAsync("order", await Sample.CreateAsync(host, "order"), 3, sent);

        await Admin.ContinueAsync(upload, 0, [1, 2, 3]);

        Assert.Equal(kept, (await Admin.ReadAsync($"/api/attachments/{Id(upload)}")).GetProperty("fileName").GetString());
    }

    [Fact]
    public async Task Upload_OfAnother_IsNotThere()
    {
        var upload = await Admin.UploadAsync("order", await Sample.CreateAsync(host, "order"), 10);
        using var other = await host.WithKeyAsync("attachments.write", "attachments.read", "orders.read");
        using var reader = await host.WithKeyAsync("attachments.read", "orders.read");

        Assert.Equal(HttpStatusCode.NotFound, (await other.WhereAsync(upload)).StatusCode);
        await (await other.ContinueAsync(upload, 0, new byte[10])).ProblemAsync(HttpStatusCode.NotFound);
        await (await other.SendAsync(Sending.Tus(HttpMethod.Delete, upload))).ProblemAsync(HttpStatusCode.NotFound);
        await (await reader.ContinueAsync(upload, 0, new byte[10])).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(0, await Admin.OffsetAsync(upload));
    }

    [Fact]
    public async Task Requests_AgainstTheProtocol_AreRefusedInItsManner()
    {
        var order = await Sample.CreateAsync(host, "order");
        var upload = await Admin.UploadAsync("order", order, 10);

        using var options = await Admin.SendAsync(new(HttpMethod.Options, Sending.Uploads));
        Assert.Equal(("1.0.0", "creation,expiration,termination", "524288000"), (Header(options, "Tus-Version"), Header(options, "Tus-Extension"), Header(options, "Tus-Max-Size")));
        using var versionless = await Admin.SendAsync(new(HttpMethod.Head, upload));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "1.0.0"), (versionless.StatusCode, Header(versionless, "Tus-Version")));
        await (await Admin.ContinueAsync(upload, 3, [1])).ProblemAsync(HttpStatusCode.Conflict);
        await (await Admin.ContinueAsync(upload, 0, new byte[11])).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        using var asJson = Sending.Tus(HttpMethod.Patch, upload);
        asJson.Content = JsonContent.Create(1);
        await (await Admin.SendAsync(asJson)).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(["entityId"], await (await Admin.BeginUploadAsync("order", Guid.NewGuid(), 10)).FaultyFieldsAsync());
        Assert.Equal(["entityId", "entityType"], await (await Admin.BeginUploadAsync("invoice", "x", 10)).FaultyFieldsAsync());
        Assert.Equal(["Upload-Length"], await (await Admin.BeginUploadAsync("order", order, 0)).FaultyFieldsAsync());
        Assert.Equal(["Upload-Length"], await (await Admin.BeginUploadAsync("order", order, -1)).FaultyFieldsAsync());
        using var unreadable = Sending.Tus(HttpMethod.Post, Sending.Uploads);
        unreadable.Headers.Add("Upload-Length", "10");
        unreadable.Headers.Add("Upload-Metadata", "filename %%%");
        Assert.Equal(["Upload-Metadata"], await (await Admin.SendAsync(unreadable)).FaultyFieldsAsync());
        Assert.Equal(0, await Admin.OffsetAsync(upload));
    }

    [Fact]
    public async Task Upload_GivenUp_IsGone_ACompleteOneIsAnAttachment()
    {
        var order = await Sample.CreateAsync(host, "order");
        var (given, whole) = (await Admin.UploadAsync("order", order, 10), await Admin.UploadAsync("order", order, 3));
        await Admin.ContinueAsync(given, 0, new byte[4]);
        await Admin.ContinueAsync(whole, 0, [1, 2, 3]);

        Assert.Equal(HttpStatusCode.NoContent, (await Admin.SendAsync(Sending.Tus(HttpMethod.Delete, given))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Admin.WhereAsync(given)).StatusCode);
        await (await Admin.SendAsync(Sending.Tus(HttpMethod.Delete, whole))).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal([1, 2, 3], await Admin.GetByteArrayAsync($"/api/attachments/{Id(whole)}/content"));

        await Admin.DeleteAsync($"/api/attachments/{Id(whole)}", "1");
        Assert.Equal(HttpStatusCode.NotFound, (await Admin.WhereAsync(whole)).StatusCode);
        await (await Admin.ContinueAsync(whole, 3, [])).ProblemAsync(HttpStatusCode.NotFound);
        await (await Admin.SendAsync(Sending.Tus(HttpMethod.Delete, whole))).ProblemAsync(HttpStatusCode.NotFound);
    }

    /// <summary>Without a length beforehand only its end tells that a body is too long.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(200_000)]
    public async Task Piece_LongerThanWhatIsMissing_IsRefusedAndNotKept(int length)
    {
        var upload = await Admin.UploadAsync("order", await Sample.CreateAsync(host, "order"), 10);

        using var refused = await Admin.ContinueAsync(upload, 0, new Chunked(new byte[length]));

        await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(0, refused.Offset());
        Assert.Equal(0, await Admin.OffsetAsync(upload));
        Assert.Equal(0, await host.ScalarAsync<long>($"SELECT count(*) FROM attachment WHERE id = '{Id(upload)}'"));
        using var sound = await Admin.ContinueAsync(upload, 0, new Chunked(new byte[10]));
        Assert.Equal((HttpStatusCode.NoContent, 10L), (sound.StatusCode, sound.Offset()));
    }

    [Fact]
    public async Task Conflict_SaysWhereTheUploadIs()
    {
        var upload = await Admin.UploadAsync("order", await Sample.CreateAsync(host, "order"), 10);
        using var slow = new Held([1, 2, 3]);
        var late = Admin.ContinueAsync(upload, 0, slow);
        await slow.Begun;
        using var first = await Admin.ContinueAsync(upload, 0, new byte[4]);
        slow.Release();

        using var overtaken = await late;
        using var wrong = await Admin.ContinueAsync(upload, 7, [1]);

        foreach (var refused in new[] { overtaken, wrong })
        {
            await refused.ProblemAsync(HttpStatusCode.Conflict);
            Assert.Equal(4, refused.Offset());
        }
    }

    [Fact]
    public async Task Creation_AgainWithItsKey_IsTheSameUpload_AndAnotherIsRefused()
    {
        var (order, another, key) = (await Sample.CreateAsync(host, "order"), await Sample.CreateAsync(host, "order"), $"{Guid.NewGuid()}");
        async Task<HttpResponseMessage> BeginAsync(Guid owner, long length = 10, string name = "a.bin", string isPublic = "false")
        {
            using var request = Sending.Tus(HttpMethod.Post, Sending.Uploads);
            request.Headers.Add("Idempotency-Key", key);
            request.Headers.Add("Upload-Length", $"{length}");
            var fields = new Dictionary<string, string> { ["entityType"] = "order", ["entityId"] = $"{owner}", ["filename"] = name, ["isPublic"] = isPublic };
            request.Headers.Add("Upload-Metadata", string.Join(',', fields.Select(field => $"{field.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(field.Value))}")));
            return await Admin.SendAsync(request);
        }

        using var first = await BeginAsync(order);
        using var again = await BeginAsync(order);

        Assert.Equal((HttpStatusCode.Created, first.Headers.Location), (again.StatusCode, again.Headers.Location));
        await (await BeginAsync(another)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await (await BeginAsync(order, length: 11)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await (await BeginAsync(order, name: "b.bin")).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await (await BeginAsync(order, isPublic: "true")).ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    private static Guid Id(string upload) => Guid.Parse(upload.Split('/')[^1]);

    private static string Header(HttpResponseMessage answer, string name) => string.Join(',', answer.Headers.GetValues(name));

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class Chunked(byte[] content) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(content).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A body whose end waits for a word.</summary>
    private sealed class Held(byte[] content) : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content);
            await stream.FlushAsync();
            _begun.SetResult();
            await _released.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A body that stops in the middle, as a phone does that leaves the cellar.</summary>
    private sealed class Halting(byte[] content, int at) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, at));
            await stream.FlushAsync();
            throw new IOException("The line is gone.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
