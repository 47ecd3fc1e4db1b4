using System.Text;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Providers;

public sealed class TwilioTests
{
    private const string Address = "https://ops.example.nl/api/messages/inbound/sms";
    private const string Signature = "ntjy7fbkeLAV6lAfj1vl1vtXAKY=";
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    private static readonly KeyValuePair<string, string>[] Form =
    [
        new("ToCountry", "NL"), new("AccountSid", "AC0"), new("ApiVersion", "2010-04-01"), new("Body", "Hoi, hoe laat komt de monteur? €"),
        new("From", "+31612345678"), new("FromCountry", "NL"), new("MessageSid", "SM0000000000000000000000000000001"),
        new("SmsMessageSid", "SM0000000000000000000000000000001"), new("SmsSid", "SM0000000000000000000000000000001"), new("NumMedia", "0"),
        new("NumSegments", "1"), new("SmsStatus", "received"), new("To", "+3197010240001"),
    ];

    [Theory]
    [InlineData(Address, true)]
    [InlineData("https://ops.example.nl:443/api/messages/inbound/sms", true)]
    [InlineData("https://OPS.Example.nl/api/messages/inbound/sms", true)]
    [InlineData("https://ops.example.nl:8443/api/messages/inbound/sms", false)]
    [InlineData("http://ops.example.nl/api/messages/inbound/sms", false)]
    [InlineData("https://ops.example.nl/api/messages/inbound/SMS", false)]
    [InlineData("nonsense", false)]
    public void Signature_OfTheVector_HoldsForItsAddress(string address, bool holds) =>
        Assert.Equal(holds, TwilioSignature.IsValid(Signature, [address], Form, ["12345"]));

    [Fact]
    public void Signature_OfAnyOtherFieldTokenOrText_Fails()
    {
        Assert.True(TwilioSignature.IsValid(Signature, ["https://internal", Address], Form.Reverse(), ["old", "12345"]));
        Assert.False(TwilioSignature.IsValid(Signature, [Address], [.. Form, new("Extra", "1")], ["12345"]));
        Assert.False(TwilioSignature.IsValid(Signature, [Address], Form, ["12346"]));
        Assert.False(TwilioSignature.IsValid(null, [Address], Form, ["12345"]));
        Assert.False(TwilioSignature.IsValid("", [Address], Form, []));
    }

    [Fact]
    public void Signature_OfAJsonBody_IsOverTheAddressThatCarriesItsHash()
    {
        var body = "{}"u8.ToArray();
        var address = $"{Address}?bodySHA256={Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body))}";
#pragma warning disable CA5350 // Twilio signs by HMAC-SHA1.
        var signature = Convert.ToBase64String(System.Security.Cryptography.HMACSHA1.HashData("12345"u8, Encoding.UTF8.GetBytes(address)));
#pragma warning restore CA5350

        Assert.True(TwilioSignature.IsValid(signature, [address], body, ["12345"]));
        Assert.False(TwilioSignature.IsValid(signature, [address], "{ }"u8, ["12345"]));
        Assert.False(TwilioSignature.IsValid(signature, [Address], body, ["12345"]));
    }

    [Fact]
    public void Message_OfAText_IsRead()
    {
        var message = TwilioMessages.ReadMessage(Form).Value!;

        Assert.Equal(
            (ChannelType.Sms, "SM0000000000000000000000000000001", "+31612345678", "+3197010240001", "Hoi, hoe laat komt de monteur? €"),
            (message.Channel, message.ExternalId, message.With.Number, message.Account, message.Text));
    }

    [Fact]
    public void Message_OfWhatsappOrAShortCode_KeepsWhoItIs()
    {
        var whatsapp = TwilioMessages.ReadMessage(
        [
            new("MessageSid", "SM1"), new("From", "whatsapp:+31612345678"), new("To", "whatsapp:+31850123456"), new("WaId", "31612345678"),
                new("ExternalUserId", "NL.1"),
            new("ProfileName", "Jan"), new("ButtonText", "Ja"), new("OriginalRepliedMessageSid", "SM0"), new("Latitude", "52.1"), new("Longitude", "5"),
            new("MediaUrl0", "https://m/0"), new("MediaContentType0", "image/jpeg"),
        ]).Value!;
        Assert.Equal((ChannelType.Whatsapp, "NL.1", "+31612345678", "Jan", "+31850123456", "Ja", "SM0", 52.1), (
            whatsapp.Channel, whatsapp.With.Key, whatsapp.With.Number, whatsapp.With.Name, whatsapp.Account, whatsapp.Text, whatsapp.RefersTo,
                whatsapp.Latitude));
        Assert.Equal("image/jpeg", Assert.Single(whatsapp.Media).MimeType);

        var bank = TwilioMessages.ReadMessage([new("SmsSid", "SM2"), new("From", "MIJNBANK"), new("To", "+3197010240001")]).Value!;
        Assert.Equal(("MIJNBANK", null), (bank.With.Key, bank.With.Number));
    }

    [Fact]
    public void Message_WithoutItsId_IsRefusedByField() =>
        Assert.Equal(["From", "MessageSid"], Assert.IsType<Invalid>(TwilioMessages.ReadMessage([new("To", "+31")]).Error).Fields.Keys.Order());

    [Theory]
    [InlineData("sent", null, MessageStatus.Sent, DeliveryFate.Unknown)]
    [InlineData("accepted", null, MessageStatus.Queued, DeliveryFate.Unknown)]
    [InlineData("undelivered", "30005", MessageStatus.Failed, DeliveryFate.Final)]
    [InlineData("failed", "21610", MessageStatus.Failed, DeliveryFate.Final)]
    [InlineData("undelivered", "30003", MessageStatus.Failed, DeliveryFate.Again)]
    [InlineData("failed", "21611", MessageStatus.Failed, DeliveryFate.Again)]
    [InlineData("failed", "99999", MessageStatus.Failed, DeliveryFate.Unknown)]
    [InlineData("canceled", null, MessageStatus.Failed, DeliveryFate.Final)]
    public void Status_OfACode_SaysWhetherItIsFinal(string status, string? code, MessageStatus expected, DeliveryFate fate)
    {
        var read = TwilioMessages.ReadStatus([new("MessageSid", "SM1"), new("MessageStatus", status), .. code is null ? Array.Empty<KeyValuePair<string,
            string>>() : [new("ErrorCode", code)]], Now).Value!;

        Assert.Equal((expected, fate, code is "21610"), (read.Report.Status, read.Report.Fate, read.OptedOut));
    }

    [Property(MaxTest = 300)]
    public void Read_AnyForm_NeverThrows(string[] names, string?[] values)
    {
        KeyValuePair<string, string>[] form = [.. names.Where(name => name is not null).Zip(values, (name, value) => new KeyValuePair<string,
            string>(name, value!)), new("MessageSid", "x"), new("From", values.FirstOrDefault() ?? ""), new("Body", values.LastOrDefault()!)];

        _ = (TwilioMessages.ReadMessage(form), TwilioMessages.ReadStatus(form, Now),
            TwilioSignature.IsValid(values.FirstOrDefault(), names.Where(name => name is not null), form, ["k"]));
    }
}
