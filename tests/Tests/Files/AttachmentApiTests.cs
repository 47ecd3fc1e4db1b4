using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using ChargeCars.Platform.FileStorage;

namespace ChargeCars.Tests.Files;

/// <summary>Files over HTTP: sent, read, linked, deleted.</summary>
[Collection(HostCollection.Name)]
public sealed class AttachmentApiTests(RunningHost host)
{
    private HttpClient Admin => host.Administrator;

    [Fact]
    public async Task File_SentForAnOrder_IsReadBackWholeAndInRanges()
    {
        var (order, content) = (await Sample.CreateAsync(host, "order"), Sending.Random(300_000));

        var file = await Admin.AddFileAsync("order", order, content, "meterkast voor.dat");

        Assert.Equal(Sending.Sha256(content), file.GetProperty("sha256").GetString());
        Assert.Equal(content.Length, file.GetProperty("fileSize").GetInt32());
        Assert.Equal("application/octet-stream", file.GetProperty("mimeType").GetString());
        Assert.Equal("meterkast voor.dat", file.GetProperty("fileName").GetString());
        Assert.False(file.TryGetProperty("storedName", out _));
        var address = file.GetProperty("fileUrl").GetString()!;
        using var whole = await Admin.GetAsync(address);
        Assert.Equal(content, await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"{file.GetProperty("sha256").GetString()}\"", whole.Headers.ETag!.Tag);

        foreach (var (range, from, to) in new[] { ("0-0", 0, 0), ("1000-1999", 1000, 1999), ("299000-", 299_000, 299_999), ("-500", 299_500, 299_999), ("200000-99999999", 200_000, 299_999) })
        {
            using var part = await RangeAsync(address, range);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes {from}-{to}/300000", part.Content.Headers.ContentRange!.ToString());
            Assert.Equal(content[from..(to + 1)], await part.Content.ReadAsByteArrayAsync());
        }

        var list = await Admin.ReadAsync($"/api/attachments?entityType=order&entityId={order}");
        Assert.Equal(file.GetProperty("id").GetGuid(), Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task File_SentForAVisit_IsToldToWhoWatchesVisitsAndMayReadFiles()
    {
        var visit = await Sample.CreateAsync(host, "visit");
        using var noFiles = await host.WithKeyAsync("vehicles.read", "visits.read");
        await using var watching = await WatchAsync(Admin, "visits");
        await using var deaf = await WatchAsync(noFiles, "visits");

        var file = await Admin.AddFileAsync("visit", visit, Pictures.Of(40, 30), "foto.jpg");
        await Admin.MergePatchAsync($"/api/attachments/{file.GetProperty("id").GetGuid()}", null, "{}");
        await Admin.PostAsJsonAsync($"/api/visits/{visit}/actions/cancel", new { reason = "of a test" });

        var told = await watching.UntilAsync("visit.status_changed", visit);
        var made = Assert.Single(told, change => change.GetProperty("type").GetString() == "attachment.created");
        Assert.Equal(file.GetProperty("id").GetGuid(), made.GetProperty("entityId").GetGuid());
        Assert.Equal("foto.jpg", made.GetProperty("data").GetProperty("fileName").GetString());
        Assert.False(made.GetProperty("data").TryGetProperty("storedName", out _));
        Assert.DoesNotContain(await deaf.UntilAsync("visit.status_changed", visit), change => change.GetProperty("entityType").GetString() == "attachment");
    }

    [Fact]
    public async Task File_SentForAVehicle_IsToldToWhoWatchesTheFleetAndSeesThatVehicle()
    {
        var (van, other) = (await host.CreateVehicleAsync(), await host.CreateVehicleAsync());
        string[] may = ["vehicles.read", "attachments.read"];
        using var entity = await host.WithKeyAsync(new { name = "entity", permissions = may, businessEntities = new[] { "zaptecshop" } });
        using var stranger = await host.WithKeyAsync(new { name = "stranger", permissions = may, vehicleIds = new[] { other } });
        using var noFiles = await host.WithKeyAsync("vehicles.read");
        await using var watching = await WatchAsync(Admin, "fleet");
        await using var ofEntity = await WatchAsync(entity, "fleet");
        await using var ofAnother = await WatchAsync(stranger, "fleet");
        await using var deaf = await WatchAsync(noFiles, "fleet");

        var file = (await Admin.AddFileAsync("vehicle", van, Pictures.Of(40, 30), "deuk.jpg")).GetProperty("id").GetGuid();
        await Admin.PostAsJsonAsync($"/api/vehicles/{other}/actions/maintain", new { reason = "of a test" });

        foreach (var (watcher, isTold) in new[] { (watching, true), (ofEntity, true), (ofAnother, false), (deaf, false) })
        {
            var told = await watcher.UntilAsync("vehicle.status_changed", other);
            Assert.Equal(isTold, told.Exists(change => change.GetProperty("type").GetString() == "attachment.created" && change.GetProperty("entityId").GetGuid() == file));
        }
    }

    [Fact]
    public async Task File_SentForAThread_IsToldToWhoWatchesThreads_ThatOfADraftToNobody()
    {
        var thread = await Sample.CreateAsync(host, "communication_thread");
        using var said = await Admin.PostAsJsonAsync($"/api/threads/{thread}/messages", new { bodyText = "Nog niet af", isDraft = true });
        var draft = (await said.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await using var watching = await WatchAsync(Admin, "threads");

        var hidden = (await Admin.AddFileAsync("communication_message", draft, [1, 2, 3], "concept.pdf")).GetProperty("id").GetGuid();
        var shown = (await Admin.AddFileAsync("communication_thread", thread, [1, 2, 3], "dossier.pdf")).GetProperty("id").GetGuid();

        var told = await watching.UntilAsync("attachment.created", shown);
        Assert.DoesNotContain(told, change => change.GetProperty("entityId").GetGuid() == hidden);
    }

    [Theory]
    [InlineData("300000-")]
    [InlineData("-0")]
    [InlineData("99999999999-99999999999999")]
    public async Task Range_PastTheEnd_IsToldTheSize(string range)
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), Sending.Random(1000));

        using var refused = await RangeAsync(file.GetProperty("fileUrl").GetString()!, range);

        await refused.ProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal("bytes */1000", refused.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=9-2")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=a-b")]
    public async Task Range_ThatIsNotOne_IsAnsweredWithTheWhole(string range)
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), Sending.Random(1000));
        using var request = new HttpRequestMessage(HttpMethod.Get, file.GetProperty("fileUrl").GetString());
        request.Headers.TryAddWithoutValidation("Range", range);

        using var answer = await Admin.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1000, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Reading_OfWhatIsKnown_SendsItNotAgain()
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), Sending.Random(1000));
        var (address, tag) = (file.GetProperty("fileUrl").GetString()!, new EntityTagHeaderValue($"\"{file.GetProperty("sha256").GetString()}\""));

        using var known = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { tag } } };
        using var unchanged = await Admin.SendAsync(known);
        using var other = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(10, 19), IfRange = new(new EntityTagHeaderValue("\"other\"")) } };
        using var whole = await Admin.SendAsync(other);
        using var same = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(10, 19), IfRange = new(tag) } };
        using var part = await Admin.SendAsync(same);
        using var head = await Admin.SendAsync(new(HttpMethod.Head, address));

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal((HttpStatusCode.OK, 1000L), (head.StatusCode, head.Content.Headers.ContentLength!.Value));
    }

    /// <summary>The type is the content's, and nothing of it can run where it is served.</summary>
    [Theory]
    [InlineData("foto.png", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml", "application/octet-stream")]
    [InlineData("foto.jpg", "<!DOCTYPE html><script>alert(1)</script>", "text/html", "application/octet-stream")]
    [InlineData("foto.gif", "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>", "application/xml", "application/octet-stream")]
    [InlineData("lijst.html", "een, twee\n1, 2\n", "text/plain", "text/plain")]
    [InlineData("rapport.exe", "%PDF-1.7\n", "application/pdf", "application/pdf")]
    public async Task Content_ThatCouldRun_IsADownloadInASandbox(string name, string text, string type, string served)
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), Encoding.UTF8.GetBytes(text), name);

        using var answer = await Admin.GetAsync(file.GetProperty("fileUrl").GetString());

        Assert.Equal(type, file.GetProperty("mimeType").GetString());
        Assert.Equal(served, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.StartsWith("sandbox;", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(text, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData(@"C:\Users\jan\foto.jpg", "foto.jpg")]
    [InlineData("foto\u202Egpj.exe", "fotogpj.exe")]
    [InlineData("a\"; filename=b.exe", "a_; filename=b.exe")]
    [InlineData("CON", "_CON")]
    [InlineData("Ame\u0301lie.jpg", "Am\u00E9lie.jpg")]
    public async Task Name_ThatLeadsElsewhereOrDeceives_IsMadePlain(string sent, string kept)
    {
        var order = await Sample.CreateAsync(host, "order");
        var form = new MultipartFormDataContent { { new StringContent("order"), "entityType" }, { new StringContent($"{order}"), "entityId" } };
        var part = new ByteArrayContent([1, 2, 3]);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=file; filename*=UTF-8''{Uri.EscapeDataString(sent)}");
        form.Add(part);

        var file = await (await Admin.PostAsync("/api/attachments", form)).JsonAsync(HttpStatusCode.Created);
        using var content = await Admin.GetAsync(file.GetProperty("fileUrl").GetString());

        Assert.Equal(kept, file.GetProperty("fileName").GetString());
        Assert.Equal(kept, content.Content.Headers.ContentDisposition!.FileNameStar);
        using var renamed = await Admin.MergePatchAsync($"/api/attachments/{file.GetProperty("id").GetGuid()}", "1", JsonSerializer.Serialize(new { fileName = "../x" }));
        Assert.Equal(["fileName"], await renamed.FaultyFieldsAsync());
    }

    [Fact]
    public async Task BadInput_IsAnsweredByItsFieldAndLeavesNothing()
    {
        var order = await Sample.CreateAsync(host, "order");
        var before = await StoredAsync();
        var cases = new (MultipartFormDataContent Form, string Field)[]
        {
            (Sending.Form("order", Guid.NewGuid(), [1], "a"), "entityId"),
            (Sending.Form("invoice", order, [1], "a"), "entityType"),
            (Sending.Form("order", order, [], "a"), "file"),
            (new() { { new StringContent("order"), "entityType" }, { new StringContent($"{order}"), "entityId" } }, "file"),
            (new() { { new ByteArrayContent([1]), "file", "a" } }, "entityId,entityType"),
            (new() { { new StringContent("order"), "entityType" }, { new StringContent("x"), "entityId" }, { new ByteArrayContent([1]), "file", "a" } }, "entityId"),
            (new() { { new ByteArrayContent([1]), "file", "a" }, { new ByteArrayContent([1]), "file", "b" }, { new StringContent("order"), "entityType" } }, "file"),
            (new() { { new StringContent("order"), "entityType" }, { new StringContent("visit"), "entityType" }, { new StringContent($"{order}"), "entityId" } }, "entityType,file"),
            (new() { { new StringContent("1"), "storedName" }, { new StringContent("order"), "entityType" }, { new StringContent($"{order}"), "entityId" } }, "file,storedName"),
        };
        foreach (var (form, field) in cases)
        {
            using var refused = await Admin.PostAsync("/api/attachments", form);
            Assert.Equal(field, string.Join(',', await refused.FaultyFieldsAsync()));
        }

        using var json = await Admin.PostAsJsonAsync("/api/attachments", new { entityType = "order" });
        await json.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        using var noForm = new ByteArrayContent("no form at all"u8.ToArray()) { Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") } };
        await (await Admin.PostAsync("/api/attachments", noForm)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(before, await StoredAsync());
        Assert.Equal(0, await host.ScalarAsync<long>($"SELECT count(*) FROM attachment WHERE entity_id = '{order}'"));
    }

    [Fact]
    public async Task File_OfThreeGigabytes_IsRefusedBeforeItIsRead()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/attachments") { Content = new Endless(3L * 1024 * 1024 * 1024) };
        request.Headers.ExpectContinue = true;
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        using var refused = await Admin.SendAsync(request);
        using var resumable = await Admin.BeginUploadAsync("order", await Sample.CreateAsync(host, "order"), 3L * 1024 * 1024 * 1024);

        Assert.Equal(500L * 1024 * 1024, (await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge)).GetProperty("mostBytes").GetInt64());
        await resumable.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Picture_HasAThumbnailThatStandsUpright_AndABombHasNone()
    {
        var order = await Sample.CreateAsync(host, "order");
        var photo = (await Admin.AddFileAsync("order", order, Pictures.Turned(Pictures.Of(1200, 800), 6), "foto.jpg")).GetProperty("id").GetGuid();
        var bomb = (await Admin.AddFileAsync("order", order, Pictures.Bomb(20_000), "foto.png")).GetProperty("id").GetGuid();
        var zip = await Admin.AddFileAsync("order", order, Pictures.Zip(64), "foto.png");

        await DueAsync();

        var shown = await Admin.ReadAsync($"/api/attachments/{photo}");
        Assert.Equal((800, 1200), (shown.GetProperty("metadata").GetProperty("width").GetInt32(), shown.GetProperty("metadata").GetProperty("height").GetInt32()));
        using var thumbnail = await Admin.GetAsync(shown.GetProperty("thumbnailUrl").GetString());
        using var small = SkiaSharp.SKBitmap.Decode(await thumbnail.Content.ReadAsByteArrayAsync());
        Assert.Equal((267, 400), (small.Width, small.Height));
        Assert.Equal("nosniff", thumbnail.Headers.GetValues("X-Content-Type-Options").Single());

        // It is as public as its picture.
        using var stranger = host.Anonymous();
        await (await stranger.GetAsync($"/api/attachments/{photo}/thumbnail")).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await Admin.MergePatchAsync($"/api/attachments/{photo}", $"{shown.GetProperty("version")}", """{"isPublic":true}""")).JsonAsync();
        using var everybodys = await stranger.GetAsync($"/api/attachments/{photo}/thumbnail");
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (everybodys.StatusCode, everybodys.Content.Headers.ContentType!.MediaType));

        var exploded = await Admin.ReadAsync($"/api/attachments/{bomb}");
        Assert.Equal("image/png", exploded.GetProperty("mimeType").GetString());
        Assert.Equal(20_000, exploded.GetProperty("metadata").GetProperty("width").GetInt32());
        Assert.Equal(JsonValueKind.Null, exploded.GetProperty("thumbnailUrl").ValueKind);
        await (await Admin.GetAsync($"/api/attachments/{bomb}/thumbnail")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal("application/zip", zip.GetProperty("mimeType").GetString());
    }

    [Fact]
    public async Task PrivateFile_IsNobodysWithoutCredentials_APublicOneEverybodys()
    {
        using var stranger = host.Anonymous();
        using var other = await host.WithKeyAsync("orders.read");
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), [1, 2, 3]);
        var (id, address) = (file.GetProperty("id").GetGuid(), file.GetProperty("fileUrl").GetString()!);

        var unknown = await (await stranger.GetAsync($"/api/attachments/{Guid.NewGuid()}/content")).ProblemAsync(HttpStatusCode.Unauthorized);
        var closed = await (await stranger.GetAsync(address)).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await other.GetAsync(address)).ProblemAsync(HttpStatusCode.Forbidden);
        (await Admin.MergePatchAsync($"/api/attachments/{id}", "1", """{"isPublic":true}""")).EnsureSuccessStatusCode();

        Assert.Equal(unknown.GetProperty("detail").GetString(), closed.GetProperty("detail").GetString());
        Assert.Equal([1, 2, 3], await stranger.GetByteArrayAsync(address));
        Assert.Equal([1, 2, 3], await other.GetByteArrayAsync(address));
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync($"/api/attachments/{id}")).StatusCode);
    }

    [Fact]
    public async Task Deletion_TakesTheBytesAndKeepsTheAudit()
    {
        var store = host.Services.GetRequiredService<IFileStore>();
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(host, "order"), Pictures.Of(60, 40), "foto.jpg");
        var id = file.GetProperty("id").GetGuid();
        await DueAsync();
        var names = (await host.ScalarAsync<string>($"SELECT stored_name || ',' || thumbnail_name FROM attachment WHERE id = '{id}'")).Split(',');
        foreach (var name in names)
        {
            await using var there = await store.OpenAsync(name, 0, 1, CancellationToken.None);
            Assert.NotNull(there);
        }

        var version = (await Admin.ReadAsync($"/api/attachments/{id}")).GetProperty("version").GetInt64();
        Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/attachments/{id}", $"{version}")).StatusCode);
        await DueAsync();

        await (await Admin.GetAsync(file.GetProperty("fileUrl").GetString())).ProblemAsync(HttpStatusCode.NotFound);
        foreach (var name in names)
        {
            Assert.Null(await store.OpenAsync(name, 0, 1, CancellationToken.None));
        }

        var audit = await Admin.ReadAsync($"/api/audit?recordId={id}");
        var deleted = audit.GetProperty("items").EnumerateArray().First(row => row.GetProperty("action").GetString() == "DELETE");
        Assert.Equal(file.GetProperty("sha256").GetString(), deleted.GetProperty("oldValues").GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Sending_AgainWithItsKey_IsTheSameFile_AndAnotherFileIsRefused()
    {
        var (order, key, content) = (await Sample.CreateAsync(host, "order"), $"{Guid.NewGuid()}", Sending.Random(5000));
        var before = await StoredAsync();
        var another = await Sample.CreateAsync(host, "order");
        async Task<HttpResponseMessage> SendAsync(byte[] bytes, string name = "a.bin", bool? isPublic = null, Guid? owner = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/attachments") { Content = Sending.Form("order", owner ?? order, bytes, name, isPublic) };
            request.Headers.Add("Idempotency-Key", key);
            return await Admin.SendAsync(request);
        }

        var first = await (await SendAsync(content)).JsonAsync(HttpStatusCode.Created);
        using var again = await SendAsync(content);
        using var other = await SendAsync(Sending.Random(5000, seed: 2));

        Assert.Equal(first.GetProperty("id").GetGuid(), (await again.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await (await SendAsync(content, name: "b.bin")).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await (await SendAsync(content, isPublic: true)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        await (await SendAsync(content, owner: another)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        // What became of the file since does not make it another request.
        await (await Admin.MergePatchAsync($"/api/attachments/{first.GetProperty("id").GetGuid()}", "1", """{"fileName":"c.bin","isPublic":true}""")).JsonAsync();
        Assert.Equal(first.GetProperty("id").GetGuid(), (await (await SendAsync(content)).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid());
        Assert.Equal(before + 1, await StoredAsync());
    }

    [Fact]
    public async Task Key_ThatIsTooLong_IsRefusedForFilesToo()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/attachments") { Content = Sending.Form("order", await Sample.CreateAsync(host, "order"), [1], "a.bin") };
        request.Headers.Add("Idempotency-Key", new string('k', 256));
        using var answer = await Admin.SendAsync(request);

        Assert.Equal(["Idempotency-Key"], await answer.FaultyFieldsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Form_WithAFieldThatIsUnknown_SaysThatAndNothingElse(bool before)
    {
        using var form = Sending.Form("order", await Sample.CreateAsync(host, "order"), [1], "a.bin");
        using var sent = new MultipartFormDataContent();
        foreach (var part in before ? form.Prepend(Unknown()).ToList() : [.. form, Unknown()])
        {
            sent.Add(part);
        }

        using var answer = await Admin.PostAsync("/api/attachments", sent);

        Assert.Equal(["colour"], await answer.FaultyFieldsAsync());

        static HttpContent Unknown()
        {
            var field = new StringContent("red");
            field.Headers.ContentDisposition = new("form-data") { Name = "colour" };
            return field;
        }
    }

    private async Task<HttpResponseMessage> RangeAsync(string address, string range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Range", $"bytes={range}");
        return await Admin.SendAsync(request);
    }

    // What follows from commands is carried out beside them.
    private Task DueAsync() => host.UntilDueAsync("kind LIKE 'attachment.%' AND state = 'pending'", pending => pending == 0);

    private async Task<int> StoredAsync()
    {
        var count = 0;
        await foreach (var name in host.Services.GetRequiredService<IFileStore>().ListAsync("attachments", DateTimeOffset.MaxValue, CancellationToken.None))
        {
            count += name.EndsWith(".thumbnail", StringComparison.Ordinal) ? 0 : 1;
        }

        return count;
    }

    private async Task<Watcher> WatchAsync(HttpClient client, params string[] topics)
    {
        var watcher = new Watcher(new HubConnectionBuilder().WithUrl(new Uri(host.Url, "/hubs/dispatch"), connection =>
        {
            connection.Transports = HttpTransportType.WebSockets;
            foreach (var (name, values) in client.DefaultRequestHeaders.Where(header => header.Key is "Authorization" or "X-Api-Key"))
            {
                connection.Headers[name] = values.Single();
            }
        }).Build());
        await watcher.StartAsync(topics);
        return watcher;
    }

    /// <summary>Zeros that nobody should read.</summary>
    private sealed class Endless(long length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var zeros = new byte[64 * 1024];
            for (var sent = 0L; sent < length; sent += zeros.Length)
            {
                await stream.WriteAsync(zeros);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
