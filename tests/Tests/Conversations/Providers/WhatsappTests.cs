using System.Text;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Providers;

public sealed class WhatsappTests
{
    private const string Incoming = """
        {"object":"whatsapp_business_account","entry":[
          {"id":"1","changes":[
            {"field":"messages","value":{"metadata":{"display_phone_number":"31850123456","phone_number_id":"77"},
              "contacts":[{"profile":{"name":"Jan"},"wa_id":"31612345678","user_id":"NL.1"}],
              "messages":[
                {"from":"31612345678","from_user_id":"NL.1","id":"wamid.1","timestamp":"1796000000","type":"text","text":{"body":"Stop. Genoeg zo"}},
                {"from":"31612345678","id":"wamid.2","timestamp":"1796000001","type":"image","image":{"id":"m1","mime_type":"image/jpeg","sha256":"abc","caption":"De meterkast"},"context":{"id":"wamid.0","forwarded":true}},
                {"from":"31612345678","id":"wamid.3","timestamp":"1796000002","type":"reaction","reaction":{"message_id":"wamid.0"}},
                {"from":"31612345678","id":"wamid.4","timestamp":"1796000003","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"yes","title":"Ja"}}},
                {"from":"31612345678","id":"wamid.5","timestamp":"1796000004","type":"location","location":{"latitude":52.1,"longitude":5.1,"name":"Thuis"}},
                {"from":"31612345678","id":"wamid.6","timestamp":"1796000005","type":"system","system":{"body":"nieuw nummer","type":"user_changed_number","wa_id":"31687654321","user_id":"NL.2"}},
                {"from":"31612345678","id":"wamid.7","timestamp":"1796000006","type":"edit","edit":{"original_message_id":"wamid.1","message":{"type":"text","text":{"body":"anders"}}}},
                {"from":"31612345678","id":"wamid.8","timestamp":"1796000007","type":"revoke","revoke":{"original_message_id":"wamid.1"}},
                {"from":"31612345678","id":"wamid.9","timestamp":"1796000008","type":"unsupported","errors":[{"code":131051,"title":"Message type unknown"}]},
                {"type":"text"}]}},
            {"field":"messages","value":{"metadata":{"phone_number_id":"77"},"statuses":[
                {"id":"wamid.a","status":"delivered","timestamp":"1796000010","recipient_id":"31612345678","biz_opaque_callback_data":"ours"},
                {"id":"wamid.b","status":"failed","timestamp":"1796000011","errors":[{"code":131047,"title":"Re-engagement message","error_data":{"details":"24 hours"}}]},
                {"id":"wamid.c","status":"played","timestamp":"1796000012"},
                {"id":"wamid.d","status":"levitated","timestamp":"1796000012"}]}},
            {"field":"message_template_status_update","value":{}}]},
          {"id":"2","changes":[{"field":"messages","value":{"messages":[{"from_user_id":"NL.9","id":"wamid.z","timestamp":"1796000020","type":"text","text":{"body":"Zonder nummer"}}]}}]}]}
        """;

    [Fact]
    public void Read_ManyAccountsMessagesAndStatuses_ReadsThemAll()
    {
        var read = WhatsappWebhook.Read(Encoding.UTF8.GetBytes(Incoming)).Value!;

        Assert.Equal(
            ["Text", "Media", "Reaction", "Text", "Location", "System", "Edit", "Revoke", "Unsupported", "Text"],
                read.Messages.Select(message => message.Kind.ToString()));
        Assert.Equal(["messages", "statuses", "message_template_status_update"], read.Kept);
        var (text, image, system, hidden) = (read.Messages[0], read.Messages[1], read.Messages[5], read.Messages[9]);
        Assert.Equal(("NL.1", "+31612345678", "Jan", "77", OptOutWord.Stop), (text.With.Key, text.With.Number, text.With.Name, text.Account, text.OptOut));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_796_000_000), text.At);
        Assert.Equal(("wamid.0", true, "De meterkast", "m1", "abc"), (image.RefersTo, image.IsForwarded, image.Text, image.Media[0].Id,
            image.Media[0].Sha256));
        Assert.Equal(("NL.2", "+31687654321"), (system.With.Key, system.With.Number));
        Assert.Equal(("NL.9", null, "NL.9"), (hidden.With.Key, hidden.With.Number, hidden.With.Raw));
        Assert.Equal([null, "wamid.0"], read.Messages.Skip(2).Take(1).Select(message => message.Text).Append(read.Messages[2].RefersTo));
        Assert.Equal(("wamid.1", "anders"), (read.Messages[6].RefersTo, read.Messages[6].Text));
    }

    [Fact]
    public void Read_Statuses_SaysWhatTheyMean()
    {
        var statuses = WhatsappWebhook.Read(Encoding.UTF8.GetBytes(Incoming)).Value!.Statuses;

        Assert.Equal([MessageStatus.Delivered, MessageStatus.Failed, MessageStatus.Read], statuses.Select(status => status.Report.Status));
        Assert.Equal(("ours", "131047", "24 hours", DeliveryFate.Final),
            (statuses[0].OurId, statuses[1].Report.ErrorCode, statuses[1].Report.ErrorText, statuses[1].Report.Fate));
        Assert.Equal((DeliveryFate.Again, DeliveryFate.Final, DeliveryFate.ChannelBroken, DeliveryFate.Unknown), (
            WhatsappStatuses.FateOf(131056), WhatsappStatuses.FateOf(132_001), WhatsappStatuses.FateOf(190), WhatsappStatuses.FateOf(null)));
    }

    [Fact]
    public void Signature_IsOverTheBytesAsReceived()
    {
        var body = Encoding.UTF8.GetBytes("""{"a":"\u00e9"}""");
        var header = $"sha256={Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("s"u8, body))}";

        Assert.True(Signatures.IsMetas(header, body, ["next", "s"]));
        Assert.False(Signatures.IsMetas(header, Encoding.UTF8.GetBytes("""{"a":"é"}"""), ["s"]));
        Assert.False(Signatures.IsMetas(header.Replace("sha256", "sha1", StringComparison.Ordinal), body, ["s"]));
        Assert.False(Signatures.IsMetas(null, body, ["s"]));
    }

    [Fact]
    public void Challenge_OfTheRightToken_IsAnswered()
    {
        Assert.Equal("42", WhatsappWebhook.Challenge("subscribe", "t", "42", ["t"]));
        Assert.Null(WhatsappWebhook.Challenge("subscribe", "u", "42", ["t"]));
        Assert.Null(WhatsappWebhook.Challenge("subscribe", null, "42", []));
        Assert.Null(WhatsappWebhook.Challenge("unsubscribe", "t", "42", ["t"]));
    }

    [Fact]
    public void Rules_OfWindowReceiverAndForms()
    {
        var now = new DateTimeOffset(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
        Assert.Null(WhatsappRules.CheckFreeText(now.AddHours(-23), now));
        Assert.IsType<Conflict>(WhatsappRules.CheckFreeText(now.AddHours(-24), now));
        Assert.IsType<Conflict>(WhatsappRules.CheckFreeText(null, now));
        Assert.Equal(("to", "31612345678"), WhatsappRules.Recipient(new("NL.1", "+31612345678", "31612345678", null)));
        Assert.Equal(("recipient", "NL.1"), WhatsappRules.Recipient(new("NL.1", null, "NL.1", null)));
        Assert.Equal(["+5511987654321", "+551187654321"], WhatsappRules.Forms("+5511987654321"));
        Assert.Equal(["+551187654321", "+5511987654321"], WhatsappRules.Forms("+551187654321"));
        Assert.Equal(["+5491112345678", "+541112345678"], WhatsappRules.Forms("+5491112345678"));
        Assert.Equal(["+525512345678", "+5215512345678"], WhatsappRules.Forms("+525512345678"));
        Assert.Equal(["+31612345678"], WhatsappRules.Forms("+31612345678"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("x")]
    public void Read_WhatIsNoWebhook_IsRefused(string body) => Assert.IsType<Invalid>(WhatsappWebhook.Read(Encoding.UTF8.GetBytes(body)).Error);

    [Property(MaxTest = 300)]
    public void Read_AnyBytes_NeverThrows(byte[] noise, int at)
    {
        var body = Encoding.UTF8.GetBytes(Incoming);
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));

        Assert.NotNull(WhatsappWebhook.Read(body));
        Assert.NotNull(WhatsappWebhook.Read(noise));
    }
}
