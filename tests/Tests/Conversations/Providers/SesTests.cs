using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Tests.Conversations.Threads;
using ChargeCars.Tests.Files;
using ChargeCars.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Conversations.Providers;

/// <summary>A host that takes Amazon SES's notifications, a bucket that holds mails, and Amazon's answer to a confirmation.</summary>
public sealed class SesHost : IAsyncLifetime
{
    public const string Topic = "arn:aws:sns:eu-west-1:1:mail";

    private StandInS3? _bucket;

    public RunningHost Host { get; private set; } = null!;

    /// <summary>What confirmations asked for.</summary>
    internal ConcurrentQueue<Uri> Confirmed { get; } = new();

    internal StandInS3 Bucket => _bucket!;

    public async Task InitializeAsync()
    {
        _bucket = await StandInS3.StartAsync();
        Host = new()
        {
            Configuration =
            [
                $"--ChargeCars:Messages:Ses:Topics={Topic}", $"--ChargeCars:Messages:Ses:Bucket={StandInS3.Bucket}", "--ChargeCars:Messages:Ses:Region=eu-west-1",
                $"--ChargeCars:Messages:Ses:Address={_bucket.Address}", $"--ChargeCars:Messages:Ses:AccessKey={StandInS3.AccessKey}", "--ChargeCars:Messages:Ses:SecretKey=secret",
            ],
            Configure = services => services.AddHttpClient(SesMailbox.Http).ConfigurePrimaryHttpMessageHandler(() => new Amazon(Confirmed)),
        };
        await Host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await Bucket.DisposeAsync();
    }

    private sealed class Amazon(ConcurrentQueue<Uri> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Enqueue(request.RequestUri!);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}

/// <summary>Amazon SES over SNS: mails in a notification and in a bucket, reports, and topics that ask to be confirmed.</summary>
public sealed class SesTests(SesHost amazon) : IClassFixture<SesHost>
{
    private const string Address = "/api/messages/inbound/ses";
    private readonly RunningHost _host = amazon.Host;

    [Fact]
    public async Task Mail_InANotification_IsTakenOnce_WithTheKeyAsPassword()
    {
        using var receiver = await _host.WithKeyAsync("messages.receive");
        var (id, key) = ($"{Guid.NewGuid():n}@example.nl", KeyOf(receiver));
        var body = Notification(new
        {
            notificationType = "Received", receipt = new { action = new { type = "SNS", encoding = "BASE64" } }, content = Convert.ToBase64String(Mail(id)),
        });

        // As Amazon does: without a password first, and with it when it was asked for one.
        using var anybody = _host.Anonymous();
        var asked = await PostAsync(anybody, body, null);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Contains(asked.Headers.WwwAuthenticate, way => way.Scheme == "Basic");
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(anybody, body, "sns:wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(anybody, body, key)).StatusCode);
        var first = await (await PostAsync(anybody, body, $"sns:{key}")).JsonAsync();
        var second = await (await PostAsync(anybody, body, $"sns:{key}")).JsonAsync();

        Assert.Equal((false, true), (first.GetProperty("duplicate").GetBoolean(), second.GetProperty("duplicate").GetBoolean()));
        Assert.Equal(1L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}'"));
    }

    [Fact]
    public async Task Password_IsTakenAtTheMailServicesOnly()
    {
        using var receiver = await _host.WithKeyAsync("messages.receive", "threads.read");
        using var anybody = _host.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/threads") { Headers = { Authorization = Basic($"sns:{KeyOf(receiver)}") } };

        using var answer = await anybody.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers.WwwAuthenticate, way => way.Scheme == "Basic");
    }

    [Fact]
    public async Task Mail_InTheBucket_IsFetched_AndNoneFromAnother()
    {
        var id = $"{Guid.NewGuid():n}@example.nl";
        amazon.Bucket.Put("mails/1", Mail(id));

        await (await SendAsync(Stored(StandInS3.Bucket, "mails/1"))).JsonAsync();

        Assert.Equal(1L, await _host.ScalarAsync<long>($"SELECT count(*) FROM communication_message WHERE external_message_id = '{id}'"));
        await (await SendAsync(Stored("another", "mails/1"))).ProblemAsync(HttpStatusCode.BadRequest);
        await (await SendAsync(Stored(StandInS3.Bucket, "mails/2"))).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Bucket_ThatFails_IsAnswered503_SoThatAmazonRepeats()
    {
        amazon.Bucket.Put("mails/3", Mail($"{Guid.NewGuid():n}@example.nl"));
        amazon.Bucket.Fault = request => Task.FromResult<Microsoft.AspNetCore.Http.IResult?>(
            request.Path.Value!.EndsWith("mails/3", StringComparison.Ordinal) ? Microsoft.AspNetCore.Http.Results.StatusCode(500) : null);

        await (await SendAsync(Stored(StandInS3.Bucket, "mails/3"))).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Report_OfAMailThatNobodyKnows_IsKept()
    {
        var id = $"{Guid.NewGuid():n}";
        var body = Notification(new
        {
            notificationType = "Bounce", mail = new { messageId = id, source = "info@chargecars.nl" },
            bounce = new { bounceType = "Permanent", bouncedRecipients = new[] { new { emailAddress = "a@b.nl", status = "5.1.1" } } },
        });

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(body)).StatusCode);

        Assert.Equal(1L, await _host.ScalarAsync<long>($"SELECT count(*) FROM inbound_message WHERE provider = 'ses-mail-status' AND convert_from(body, 'UTF8') LIKE '%{id}%'"));
        await _host.UntilAsync("inbound_message", async () =>
            await _host.ScalarAsync<long>($"SELECT count(*) FROM inbound_message WHERE convert_from(body, 'UTF8') LIKE '%{id}%' AND worked_at IS NOT NULL") == 1);
    }

    [Fact]
    public async Task Topic_ThatIsOurs_IsConfirmed_AndNoOther()
    {
        var ours = new Uri($"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token={Guid.NewGuid():n}");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Envelope("SubscriptionConfirmation", SesHost.Topic, "", ours.OriginalString))).StatusCode);
        await (await SendAsync(Envelope("SubscriptionConfirmation", "arn:aws:sns:eu-west-1:2:theirs", "", ours.OriginalString))).ProblemAsync(HttpStatusCode.BadRequest);
        await (await SendAsync(Envelope("SubscriptionConfirmation", SesHost.Topic, "", "https://evil.example/"))).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Equal([ours], amazon.Confirmed);
    }

    [Theory]
    [InlineData("mail", null, null, "Topics")]
    [InlineData("arn:aws:sns:eu-west-1:1:mail", "bucket", null, "Region")]
    public void Options_ThatAreWrong_NameTheirKey(string topics, string? bucket, string? region, string key) => Assert.Contains(
        key, Assert.Single(new SesOptions.Validator().Validate(null, new() { Topics = topics, Bucket = bucket, Region = region }).Failures!), StringComparison.Ordinal);

    private static string KeyOf(HttpClient client) => client.DefaultRequestHeaders.GetValues("X-Api-Key").Single();

    private static byte[] Mail(string id) => Encoding.UTF8.GetBytes(
        $"Message-ID: <{id}>\r\nFrom: Jan <jan@example.nl>\r\nTo: info@chargecars.nl\r\nSubject: Laadpaal {id[..8]}\r\n\r\nHoi\r\n");

    private static byte[] Stored(string bucket, string key) => Notification(new
    {
        notificationType = "Received", receipt = new { action = new { type = "S3", bucketName = bucket, objectKey = key } },
    });

    private static byte[] Notification(object message) => Envelope("Notification", SesHost.Topic, JsonSerializer.Serialize(message), "");

    private static byte[] Envelope(string type, string topic, string message, string address) =>
        JsonSerializer.SerializeToUtf8Bytes(new { Type = type, TopicArn = topic, Message = message, SubscribeURL = address });

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private Task<HttpResponseMessage> SendAsync(byte[] body) => PostAsync(_host.Administrator, body, null);

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] body, string? pair)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("text/plain") { CharSet = "UTF-8" } } },
        };
        if (pair is not null)
        {
            request.Headers.Authorization = Basic(pair);
        }

        return await client.SendAsync(request);
    }
}
