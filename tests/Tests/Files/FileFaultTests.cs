using System.Net;
using ChargeCars.Files.Attachments;
using ChargeCars.Platform.FileStorage;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Files;

/// <summary>A store that fails in every way: what was acknowledged is whole, what was not leaves nothing but what the sweep takes.</summary>
public sealed class FileFaultTests : IAsyncLifetime, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chargecars-files-").FullName;
    private readonly FailingStore _store;
    private readonly RunningHost _host;

    public FileFaultTests()
    {
        _store = new(new FolderFileStore(_folder));
        _host = new() { Configuration = ["--ChargeCars:DueCommands:LongestWait=00:00:01"], Configure = services => services.AddSingleton<IFileStore>(_store) };
    }

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private HttpClient Admin => _host.Administrator;

    [Fact]
    public async Task Store_ThatFailsInEveryWay_LosesNothingThatWasAcknowledged()
    {
        var (order, acknowledged) = (await Sample.CreateAsync(_host, "order"), new Dictionary<Guid, byte[]>());
        foreach (var fault in Enum.GetValues<StoreFault>())
        {
            var content = Sending.Random(400_000, (int)fault);
            _store.Fault = fault;
            using var sent = await Admin.SendFileAsync("order", order, content);
            Keep(sent.StatusCode, sent.IsSuccessStatusCode ? (await sent.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid() : null, content);

            _store.Fault = StoreFault.None;
            var upload = await Admin.UploadAsync("order", order, content.Length);
            _store.Fault = fault;
            using var first = await Admin.ContinueAsync(upload, 0, content[..250_000]);
            Assert.Contains(first.StatusCode, new[] { HttpStatusCode.NoContent, HttpStatusCode.ServiceUnavailable });
            _store.Fault = StoreFault.None;
            var offset = await Admin.OffsetAsync(upload);
            // What was acknowledged is there.
            Assert.True(first.StatusCode != HttpStatusCode.NoContent || offset == 250_000);
            _store.Fault = fault;
            using var rest = await Admin.ContinueAsync(upload, offset, content[(int)offset..]);
            Assert.Contains(rest.StatusCode, new[] { HttpStatusCode.NoContent, HttpStatusCode.ServiceUnavailable });
            using var asked = await Admin.WhereAsync(upload);
            Assert.Contains(asked.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable });
            _store.Fault = StoreFault.None;
            // Taken up again it comes to its end.
            while ((offset = await Admin.OffsetAsync(upload)) < content.Length)
            {
                Assert.Equal(HttpStatusCode.NoContent, (await Admin.ContinueAsync(upload, offset, content[(int)offset..])).StatusCode);
            }

            acknowledged[Guid.Parse(upload.Split('/')[^1])] = content;
        }

        void Keep(HttpStatusCode status, Guid? id, byte[] content)
        {
            Assert.Contains(status, new[] { HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable });
            if (id is { } known)
            {
                acknowledged[known] = content;
            }
        }

        foreach (var (id, content) in acknowledged)
        {
            Assert.Equal(content, await Admin.GetByteArrayAsync($"/api/attachments/{id}/content"));
            Assert.Equal(Sending.Sha256(content), (await Admin.ReadAsync($"/api/attachments/{id}")).GetProperty("sha256").GetString());
        }

        Assert.Equal(acknowledged.Count, await _host.ScalarAsync<long>("SELECT count(*) FROM attachment"));
        Assert.True(acknowledged.Count > Enum.GetValues<StoreFault>().Length);
        var sweep = Sweep(TimeSpan.FromDays(2));
        await sweep.RunOnceAsync(CancellationToken.None);
        Assert.Equal(acknowledged.Count, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
        Assert.Equal(0, await sweep.RunOnceAsync(CancellationToken.None));
        foreach (var (id, content) in acknowledged)
        {
            Assert.Equal(content, await Admin.GetByteArrayAsync($"/api/attachments/{id}/content"));
        }
    }

    [Theory]
    [InlineData(StoreFault.Opening, 503)]
    [InlineData(StoreFault.Everything, 503)]
    [InlineData(StoreFault.Reading, 0)]
    public async Task Reading_FromAStoreThatFails_IsNeverTakenForTheFile(StoreFault fault, int status)
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(_host, "order"), Sending.Random(400_000));
        var address = file.GetProperty("fileUrl").GetString();
        _store.Fault = fault;

        if (status == 0)
        {
            // It was begun: cut off, and shorter than it said.
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Admin.GetByteArrayAsync(address));
        }
        else
        {
            using var answer = await Admin.GetAsync(address);
            await answer.ProblemAsync((HttpStatusCode)status);
            Assert.False(answer.Content.Headers.Contains("Content-Disposition"));
        }

        _store.Fault = StoreFault.None;
        Assert.Equal(400_000, (await Admin.GetByteArrayAsync(address)).Length);
    }

    [Fact]
    public async Task Deletion_WhileTheStoreFails_TakesTheBytesOnceItServes()
    {
        var file = await Admin.AddFileAsync("order", await Sample.CreateAsync(_host, "order"), Sending.Random(1000));
        _store.Fault = StoreFault.Deleting;

        Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/attachments/{file.GetProperty("id").GetGuid()}", "1")).StatusCode);
        await _host.UntilDueAsync("kind = 'attachment.erase' AND last_error IS NOT NULL", count => count >= 1);
        _store.Fault = StoreFault.None;
        await _host.UntilDueAsync("kind = 'attachment.erase' AND state = 'done'", count => count >= 1);

        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Upload_TakenUpADayLater_GoesOn_AfterAWeekItIsForgotten()
    {
        var (order, content) = (await Sample.CreateAsync(_host, "order"), Sending.Random(5000));
        var (day, week) = (await Admin.UploadAsync("order", order, 5000), await Admin.UploadAsync("order", order, 5000));
        foreach (var upload in new[] { day, week })
        {
            await Admin.ContinueAsync(upload, 0, content[..2000]);
        }

        await _host.ExecuteAsync($"""
            UPDATE attachment_upload SET created_at = created_at - interval '1 day', expires_at = expires_at - interval '1 day' WHERE id = '{day.Split('/')[^1]}';
            UPDATE attachment_upload SET created_at = created_at - interval '8 days', expires_at = expires_at - interval '8 days' WHERE id = '{week.Split('/')[^1]}';
            """);
        foreach (var file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-8));
        }

        Assert.Equal(1, await Sweep(TimeSpan.Zero).RunOnceAsync(CancellationToken.None));

        Assert.Equal(HttpStatusCode.NotFound, (await Admin.WhereAsync(week)).StatusCode);
        Assert.Equal(2000, await Admin.OffsetAsync(day));
        Assert.Equal(HttpStatusCode.NoContent, (await Admin.ContinueAsync(day, 2000, content[2000..])).StatusCode);
        Assert.Equal(content, await Admin.GetByteArrayAsync($"/api/attachments/{day.Split('/')[^1]}/content"));
        Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Sweep_TakesOrphansAndStraysAndLeavesTheRest()
    {
        var (organization, order) = (await Sample.CreateAsync(_host, "organization"), await Sample.CreateAsync(_host, "order"));
        var (orphan, kept) = ((await Admin.AddFileAsync("organization", organization, [1, 2])).GetProperty("id").GetGuid(), (await Admin.AddFileAsync("order", order, [3, 4])).GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/organizations/{organization}", "1")).StatusCode);
        await _store.WriteAsync("attachments/2026-01/stray", new MemoryStream([5]), CancellationToken.None);
        await _store.WriteAsync("invoices/not-ours", new MemoryStream([6]), CancellationToken.None);

        Assert.Equal(0, await Sweep(TimeSpan.Zero).RunOnceAsync(CancellationToken.None));
        Assert.Equal(2, await Sweep(TimeSpan.FromDays(2)).RunOnceAsync(CancellationToken.None));
        await _host.UntilDueAsync("kind = 'attachment.erase' AND state = 'done'", count => count >= 1);

        await (await Admin.GetAsync($"/api/attachments/{orphan}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal([3, 4], await Admin.GetByteArrayAsync($"/api/attachments/{kept}/content"));
        Assert.Equal(2, Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Length);
        Assert.Equal("The organization that it belonged to is gone", await _host.ScalarAsync<string>($"SELECT change_summary FROM audit_log WHERE record_id = '{orphan}' AND action = 'DELETE'"));
        Assert.Equal("attachments/2026-01/stray", await _host.ScalarAsync<string>("SELECT old_values->>'stored_name' FROM audit_log WHERE table_name = 'attachment' AND change_summary LIKE 'No attachment%'"));
    }

    // As a host would at a later time.
    private AttachmentSweep Sweep(TimeSpan later)
    {
        var services = _host.Services;
        return new(
            services.GetRequiredService<AttachmentUploads>(), services.GetRequiredService<AttachmentFiles>(), _store, services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredService<GroupCommit>(), services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<IOptions<AttachmentOptions>>(),
            new FakeTimeProvider(DateTimeOffset.UtcNow + later), NullLogger<AttachmentSweep>.Instance);
    }
}
