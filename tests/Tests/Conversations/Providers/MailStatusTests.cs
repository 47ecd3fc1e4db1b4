using System.Text;
using ChargeCars.Conversations.Hooks;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Providers;

/// <summary>What mail services report, as it is read.</summary>
public sealed class MailStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Delivery", "", nameof(MessageStatus.Delivered), false)]
    [InlineData("Open", "", nameof(MessageStatus.Read), false)]
    [InlineData("Bounce", "HardBounce", nameof(MessageStatus.Failed), false)]
    [InlineData("SpamComplaint", "", nameof(MessageStatus.Delivered), true)]
    [InlineData("Bounce", "Transient", null, false)]
    [InlineData("LinkClick", "", null, false)]
    public void Postmark_OfEachRecord_SaysTheState(string record, string type, string? status, bool optedOut)
    {
        var read = Read("postmark", $$"""{"RecordType":"{{record}}","Type":"{{type}}","MessageID":"pm-1","From":"a@example.nl","DeliveredAt":"2026-11-30T08:00:00Z"}""");

        Assert.Equal((status, optedOut), read is [var one] ? (one.Report.Status.ToString(), one.OptedOut) : (null, false));
    }

    [Fact]
    public void SendGrid_OfAListOfEvents_FindsOursByItsMessageId()
    {
        var read = Read("sendgrid", """
            [{"event":"delivered","timestamp":1796000000,"smtp-id":"<abc@example.nl>","sg_message_id":"sg1.filter"},{"event":"processed","sg_message_id":"sg1"},
             {"event":"bounce","timestamp":1796000009,"sg_message_id":"sg2.filter","status":"5.1.1","reason":"no such user"},{"event":"spamreport","sg_message_id":"sg3"},7,null,{}]
            """);

        Assert.Equal(
            [("abc@example.nl", MessageStatus.Delivered, false), ("sg2", MessageStatus.Failed, false), ("sg3", MessageStatus.Delivered, true)],
            read.Select(one => (one.ExternalId, one.Report.Status, one.OptedOut)));
        Assert.Equal(("5.1.1", DeliveryFate.Final), (read[1].Report.ErrorCode, read[1].Report.Fate));
    }

    [Theory]
    [InlineData("delivered", "", nameof(MessageStatus.Delivered))]
    [InlineData("opened", "", nameof(MessageStatus.Read))]
    [InlineData("failed", "permanent", nameof(MessageStatus.Failed))]
    [InlineData("failed", "temporary", null)]
    public void Mailgun_OfEachEvent_SaysTheState(string type, string severity, string? status)
    {
        const string Body = """{"event-data":{"event":"TYPE","severity":"SEVERITY","timestamp":1796000000.5,"message":{"headers":{"message-id":"abc@example.nl"}}}}""";
        var read = Read("mailgun", Body.Replace("TYPE", type, StringComparison.Ordinal).Replace("SEVERITY", severity, StringComparison.Ordinal));

        Assert.Equal(status, read is [var one] ? one.Report.Status.ToString() : null);
    }

    [Theory]
    [InlineData("postmark", "[]", "RecordType")]
    [InlineData("postmark", """{"RecordType":"Delivery"}""", "MessageID")]
    [InlineData("sendgrid", "{}", "body")]
    [InlineData("mailgun", "{}", "event-data")]
    [InlineData("mailgun", """{"event-data":{"event":"delivered"}}""", "event-data")]
    [InlineData("other", "{}", "provider")]
    [InlineData(null, "{}", "provider")]
    public void Report_OfNoneOfTheirs_IsRefusedByField(string? service, string body, string field) =>
        Assert.Equal([field], Assert.IsType<Invalid>(MailStatuses.Read(service, Encoding.UTF8.GetBytes(body), Now).Error).Fields.Keys);

    [Property]
    public void Report_OfAnything_ThrowsNothing(byte[] body, int service) =>
        Assert.NotNull(MailStatuses.Read(MailStatuses.Services[(int)((uint)service % 3)], body, Now));

    private static IReadOnlyList<ChannelStatus> Read(string service, string body) => MailStatuses.Read(service, Encoding.UTF8.GetBytes(body), Now).Value!;
}
