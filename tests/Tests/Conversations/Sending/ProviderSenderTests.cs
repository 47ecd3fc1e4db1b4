using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Sending;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Conversations.Sending;

/// <summary>Twilio and WhatsApp, by stand-ins that answer in every way.</summary>
public sealed class ProviderSenderTests
{
    [Theory]
    [InlineData(400, """{"code":21610,"message":"opted out"}""", DeliveryFate.Final)]
    [InlineData(400, """{"code":21611,"message":"queue full"}""", DeliveryFate.Again)]
    [InlineData(429, """{"code":20429,"message":"slow down"}""", DeliveryFate.Again)]
    [InlineData(401, """{"code":20003,"message":"no"}""", DeliveryFate.ChannelBroken)]
    [InlineData(404, "<html>", DeliveryFate.Unknown)]
    public async Task Twilio_ThatRefuses_HasNotTakenIt(int status, string body, DeliveryFate fate) =>
        Assert.Equal(fate, Assert.IsType<Refused>(await new TwilioSender(new StandIn(status, body), Options_).SendAsync(Sms, CancellationToken.None)).Fate);

    [Theory]
    [InlineData(400, """{"error":{"code":131047,"message":"window"}}""", DeliveryFate.Final)]
    [InlineData(400, """{"error":{"code":131056,"message":"pair rate"}}""", DeliveryFate.Again)]
    [InlineData(401, """{"error":{"code":190,"message":"token"}}""", DeliveryFate.ChannelBroken)]
    [InlineData(403, "", DeliveryFate.ChannelBroken)]
    [InlineData(429, "{}", DeliveryFate.Again)]
    public async Task Whatsapp_ThatRefuses_HasNotTakenIt(int status, string body, DeliveryFate fate) =>
        Assert.Equal(fate, Assert.IsType<Refused>(await new WhatsappSender(new StandIn(status, body), Options_).SendAsync(Whatsapp, CancellationToken.None)).Fate);

    [Theory]
    [InlineData(500, "")]
    [InlineData(503, """{"code":1}""")]
    [InlineData(302, "")]
    [InlineData(200, "{}")]
    [InlineData(201, "not JSON")]
    public async Task Answer_ThatSaysNothing_LeavesTheOutcomeUnknown(int status, string body)
    {
        Assert.IsType<Unknown>(await new TwilioSender(new StandIn(status, body), Options_).SendAsync(Sms, CancellationToken.None));
        Assert.IsType<Unknown>(await new WhatsappSender(new StandIn(status, body), Options_).SendAsync(Whatsapp, CancellationToken.None));
    }

    [Fact]
    public async Task Service_ThatIsNotReached_HasNotTakenIt()
    {
        var http = new StandIn(new HttpRequestException(HttpRequestError.ConnectionError, "refused"));

        Assert.Equal(DeliveryFate.Again, Assert.IsType<Refused>(await new TwilioSender(http, Options_).SendAsync(Sms, CancellationToken.None)).Fate);
        // The line broke while it was read: it may have been.
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            new TwilioSender(new StandIn(new HttpRequestException(HttpRequestError.ResponseEnded, "broken")), Options_).SendAsync(Sms, CancellationToken.None));
    }

    [Fact]
    public async Task Twilio_IsAskedInItsForm()
    {
        var http = new StandIn(201, """{"sid":"SM1","status":"queued"}""");

        Assert.Equal(new Taken("SM1"), await new TwilioSender(http, Options_).SendAsync(Sms, CancellationToken.None));

        var (line, authorization, body) = Assert.Single(http.Requests);
        Assert.Equal("POST https://twilio.example/2010-04-01/Accounts/AC1/Messages.json", line);
        Assert.Equal($"Basic {Convert.ToBase64String("AC1:token-one-of-twilio"u8)}", authorization);
        Assert.Equal(
            "To=%2B31612345678&From=%2B3197010240001&Body=Tot+zo+%26+bedankt&StatusCallback=https%3A%2F%2Fops.example.nl%2Fapi%2Fmessages%2Fstatus%2Fsms", body);
    }

    [Fact]
    public async Task Whatsapp_IsAskedInItsForm()
    {
        var http = new StandIn(200, """{"messages":[{"id":"wamid.1"}]}""");

        Assert.Equal(new Taken("wamid.1"), await new WhatsappSender(http, Options_).SendAsync(Whatsapp, CancellationToken.None));

        var (line, authorization, body) = Assert.Single(http.Requests);
        Assert.Equal(("POST https://whatsapp.example/v1/1055/messages", "Bearer token-of-meta"), (line, authorization));
        using var sent = JsonDocument.Parse(body);
        Assert.Equal(
            ("31612345678", "Tot zo & bedankt", $"{Whatsapp.Message.Id}", "wamid.theirs"),
            (sent.RootElement.GetProperty("to").GetString(), sent.RootElement.GetProperty("text").GetProperty("body").GetString(),
                sent.RootElement.GetProperty("biz_opaque_callback_data").GetString(), sent.RootElement.GetProperty("context").GetProperty("message_id").GetString()));
    }

    [Fact]
    public async Task Whatsapp_OutsideOfTheWindow_IsAskedForTheApprovedTemplate()
    {
        var http = new StandIn(200, """{"messages":[{"id":"wamid.1"}]}""");

        await new WhatsappSender(http, Options_).SendAsync(Whatsapp with { Template = new("afspraak_morgen", "nl", ["Jan", "10:00\nof later"], "…") }, CancellationToken.None);

        using var sent = JsonDocument.Parse(Assert.Single(http.Requests).Body);
        Assert.Equal("template", sent.RootElement.GetProperty("type").GetString());
        Assert.False(sent.RootElement.TryGetProperty("text", out _));
        Assert.Equal(
            """{"name":"afspraak_morgen","language":{"code":"nl"},"components":[{"type":"body","parameters":[{"type":"text","text":"Jan"},{"type":"text","text":"10:00 of later"}]}]}""",
            sent.RootElement.GetProperty("template").GetRawText());
    }

    /// <summary>The same text to the same number an hour ago is another message, and so is that of another number of ours.</summary>
    [Theory]
    [InlineData("Tot zo & bedankt", "+3197010240001", 1, "SM9")]
    [InlineData("Tot zo & bedankt", "+3197010240001", -3_600, null)]
    [InlineData("Tot zo & bedankt", "+3197010240002", 1, null)]
    [InlineData("Iets anders", "+3197010240001", 1, null)]
    public async Task Twilio_IsLookedThroughForWhatMayHaveLeft(string text, string from, int secondsLater, string? found)
    {
        var http = Listed((text, from, "SM9", Handed.AddSeconds(secondsLater)));

        var result = await new TwilioSender(http, Options_).FindAsync(Sms, CancellationToken.None);

        Assert.Equal(found is null ? null : new Taken(found), result);
        Assert.Equal("GET https://twilio.example/2010-04-01/Accounts/AC1/Messages.json?To=%2B31612345678&PageSize=100", Assert.Single(http.Requests).Line);
    }

    /// <summary>It failed, and was handed over again with the same text.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Twilio_ThatHasAnEarlierAttempt_IsNotAskedForThat(bool isItsIdKnown)
    {
        var again = Sms with { Message = Sms.Message with { Delivery = new() { Attempt = 2, HandedAt = isItsIdKnown ? Handed : Handed.AddMinutes(4) } } };
        again = isItsIdKnown ? again with { KnownIds = new HashSet<string> { "SM1" } } : again;
        var earlier = (Sms.Message.BodyText!, "+3197010240001", "SM1", Handed);

        Assert.Null(await new TwilioSender(Listed(earlier), Options_).FindAsync(again, CancellationToken.None));
        Assert.Equal(
            new Taken("SM2"), await new TwilioSender(Listed(earlier, earlier with { Item3 = "SM2", Item4 = Handed.AddMinutes(4) }), Options_).FindAsync(again, CancellationToken.None));
    }

    [Fact]
    public async Task Twilio_ThatHasTwoWhichMayBeIt_TellsNothing() => Assert.Null(await new TwilioSender(
        Listed((Sms.Message.BodyText!, "+3197010240001", "SM1", Handed), (Sms.Message.BodyText!, "+3197010240001", "SM2", Handed)), Options_).FindAsync(Sms, CancellationToken.None));

    private static StandIn Listed(params (string Text, string From, string Sid, DateTimeOffset Made)[] messages) => new(200, JsonSerializer.Serialize(new
    {
        messages = messages.Select(one => new { sid = one.Sid, body = one.Text, from = one.From, date_created = one.Made.ToString("r") }),
    }));

    private static readonly DateTimeOffset Handed = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    private static readonly OutgoingMessage Sms = Outgoing(ChannelType.Sms, "+3197010240001");

    private static readonly OutgoingMessage Whatsapp = Outgoing(ChannelType.Whatsapp, "1055");

    private static IOptions<SendingOptions> Options_ => Options.Create(new SendingOptions
    {
        TwilioAccountSid = "AC1", TwilioAuthTokens = "token-one-of-twilio, token-two-of-twilio", TwilioApi = "https://twilio.example/",
        WhatsappAccessToken = "token-of-meta", WhatsappApi = "https://whatsapp.example/v1", PublicAddress = "https://ops.example.nl/",
    });

    private static OutgoingMessage Outgoing(ChannelType channel, string from) => new(
        new() { Id = Guid.NewGuid(), ThreadId = Guid.NewGuid(), BodyText = "Tot zo & bedankt", RecipientEmails = ["+31612345678"], SentAt = Handed },
        new(Guid.NewGuid(), channel, "Service desk", from, BusinessEntity.Chargecars), ["wamid.theirs"], channel == ChannelType.Whatsapp ? "wamid.theirs" : null);

    private sealed class StandIn : HttpMessageHandler, IHttpClientFactory
    {
        private readonly Func<HttpResponseMessage> _answer;

        public StandIn(int status, string body) => _answer = () => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

        public StandIn(Exception fault) => _answer = () => throw fault;

        public ConcurrentQueue<(string Line, string? Authorization, string Body)> Requests { get; } = new();

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Enqueue((
                $"{request.Method} {request.RequestUri!.AbsoluteUri}", request.Headers.Authorization?.ToString(),
                request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
            return _answer();
        }
    }
}
