using System.Net;
using ChargeCars.Tests.Hosting;
using ChargeCars.Tests.Platform.Entities;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Tests.Files;

/// <summary>The host with its files in an S3-compatible service.</summary>
public sealed class S3HostTests : IAsyncLifetime
{
    private StandInS3 _service = null!;
    private RunningHost _host = null!;

    private HttpClient Admin => _host.Administrator;

    public async Task InitializeAsync()
    {
        _service = await StandInS3.StartAsync();
        _host = new() { Configuration = _service.Configuration };
        await _host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Files_InAService_AreSentReadAndErasedAsInAFolder()
    {
        var (order, content) = (await Sample.CreateAsync(_host, "order"), Sending.Random(20_000_000));

        var file = await Admin.AddFileAsync("order", order, content);
        var upload = await Admin.UploadAsync("order", order, content.Length);
        using var first = await Admin.ContinueAsync(upload, 0, content[..12_000_000]);
        using var rest = await Admin.ContinueAsync(upload, 12_000_000, content[12_000_000..]);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.StatusCode, rest.StatusCode));
        foreach (var id in new[] { file.GetProperty("id").GetGuid(), Guid.Parse(upload.Split('/')[^1]) })
        {
            Assert.Equal(content, await Admin.GetByteArrayAsync($"/api/attachments/{id}/content"));
            using var range = await Admin.SendAsync(new(HttpMethod.Get, $"/api/attachments/{id}/content") { Headers = { Range = new(9_999_999, 10_000_008) } });
            Assert.Equal(content[9_999_999..10_000_009], await range.Content.ReadAsByteArrayAsync());
            Assert.Equal(HttpStatusCode.NoContent, (await Admin.DeleteAsync($"/api/attachments/{id}", "1")).StatusCode);
        }

        await _host.UntilAsync("due_command", () => Task.FromResult(_service.Objects.Count == 0 && _service.Unfinished == 0));
    }

    public static TheoryData<string> Faults => FileStoreTests.Faults;

    /// <summary>The service fails while files are sent and read: each request is answered 503 or done, and what was acknowledged is whole.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Service_ThatFails_IsAnswered503(string fault)
    {
        var (order, content) = (await Sample.CreateAsync(_host, "order"), Sending.Random(9_000_000));
        var there = await Admin.AddFileAsync("order", order, content);
        _service.Fault = FileStoreTests.Failing(fault, request => !HttpMethods.IsDelete(request.Method));

        using var sent = await Admin.SendFileAsync("order", order, content);
        await sent.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        if (fault == "half")
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Admin.GetByteArrayAsync(there.GetProperty("fileUrl").GetString()));
        }
        else
        {
            await (await Admin.GetAsync(there.GetProperty("fileUrl").GetString())).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        }

        _service.Fault = null;
        Assert.Equal(content, await Admin.GetByteArrayAsync(there.GetProperty("fileUrl").GetString()));
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM attachment"));
        Assert.Single(_service.Objects);
    }
}
