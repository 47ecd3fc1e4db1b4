using System.Text;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Telephony.Aircall;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Conversations.Providers;

public sealed class AircallMessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("STOP", nameof(OptOutWord.Stop))]
    [InlineData(" stoppen ", nameof(OptOutWord.Stop))]
    [InlineData("Afmelden.", nameof(OptOutWord.Stop))]
    [InlineData("Stop. Ik wil geen berichten meer", nameof(OptOutWord.Stop))]
    [InlineData("Unsubscribe!", nameof(OptOutWord.Stop))]
    [InlineData("Stop met bellen", nameof(OptOutWord.None))]
    [InlineData("Ik wil stoppen. Dank", nameof(OptOutWord.None))]
    [InlineData("start", nameof(OptOutWord.Start))]
    [InlineData("help", nameof(OptOutWord.Help))]
    [InlineData("", nameof(OptOutWord.None))]
    [InlineData(null, nameof(OptOutWord.None))]
    public void OptOut_IsTheWholeTextOrAllBeforeAFullStop(string? text, string word) => Assert.Equal(word, OptOutWords.Read(text).ToString());

    [Fact]
    public void Aircall_OfAMessageAndItsState_IsRead()
    {
        var received = ReadCallback(Encoding.UTF8.GetBytes("""
            {"event_name":"message.received","timestamp":1796000000000,"data":{"id":"m1","direction":"inbound","channel":null,"status":"received","external_number":"31612345678",
             "body":"Hallo","number":{"id":7,"digits":"+31 85 012 3456"},"contact":{"first_name":"Jan","last_name":"Jansen"},"created_at":"2026-11-30T00:53:20Z","media_url":["https://m/1"]}}
            """), Now)!.Value.Message!;
        Assert.Equal((ChannelType.Sms, MessageDirection.Inbound, "7", "+31612345678", "Jan Jansen", "Hallo",
            DateTimeOffset.FromUnixTimeSeconds(1_796_000_000)), (
            received.Channel, received.Direction, received.Account, received.With.Number, received.With.Name, received.Text, received.At!.Value));
        Assert.Equal("https://m/1", Assert.Single(received.Media).Address);

        var updated = ReadCallback("""{"event_name":"message.updated","timestamp":1796000000000,"id":"m2","status":"delivered"}"""u8.ToArray(), Now)!.Value;
        Assert.Equal((null, MessageStatus.Delivered), (updated.Message, updated.Status!.Report.Status));
        Assert.Null(ReadCallback("""{"event_name":"message.levitated","id":"m2"}"""u8.ToArray(), Now));
    }

    [Property(MaxTest = 200)]
    public void Aircall_AnyBytes_NeverThrows(byte[] noise, int at)
    {
        var body = """{"event_name":"message.received","timestamp":1796000000000,"data":{"id":"m1","channel":"whatsapp","raw_digits":"+31 6 12345678","media_details":[{"file_name":"a"}],"sent_at":1}}"""u8.ToArray();
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));

        _ = ReadCallback(body, Now);
        Assert.Null(ReadCallback(noise, Now));
    }

    private static (ChannelMessage? Message, ChannelStatus? Status)? ReadCallback(byte[] body, DateTimeOffset now) =>
        AircallEnvelope.Read(body, "a token", now).Value is { } callback ? AircallMessages.Read(callback.Event, callback.Data, callback.At) : null;
}
