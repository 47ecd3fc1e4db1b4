using System.Text;
using System.Text.Json;
using ChargeCars.Platform.Reading;
using ChargeCars.Telephony.Agents;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Lines;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Telephony;

public sealed class AircallReaderTests
{
    private const string Whole = """{"resource":"call","event":"call.created","timestamp":1796000000,"token":"secret","data":{"id":1}}""";

    [Theory]
    [InlineData("""{"event":"call.created","timestamp":1796000000,"token":"t","data":{}}""", "resource")]
    [InlineData("""{"resource":"call","timestamp":1796000000,"token":"t","data":{}}""", "event")]
    [InlineData("""{"resource":"call","event":"","timestamp":1796000000,"token":"t","data":{}}""", "event")]
    [InlineData("""{"resource":"call","event":"call.created","token":"t","data":{}}""", "timestamp")]
    [InlineData("""{"resource":"call","event":"call.created","timestamp":"soon","token":"t","data":{}}""", "timestamp")]
    [InlineData("""{"resource":"call","event":"call.created","timestamp":0,"token":"t","data":{}}""", "timestamp")]
    [InlineData("""{"resource":"call","event":"call.created","timestamp":1796000000,"token":null,"data":{}}""", "token")]
    [InlineData("""{"resource":"call","event":"call.created","timestamp":1796000000,"token":12,"data":{}}""", "token")]
    [InlineData("""{"resource":"call","event":"call.created","timestamp":1796000000,"token":"t","data":[]}""", "data")]
    [InlineData("""{"resource":"call","event":"call.created","timestamp":1796000000,"token":"t"}""", "data")]
    [InlineData("[]", "body")]
    [InlineData("", "body")]
    [InlineData("resource=call", "body")]
    public void Envelope_ThatIsNone_IsRefusedByItsField(string body, string field) =>
        Assert.Equal([field], Assert.IsType<Invalid>(AircallEnvelope.Read(Encoding.UTF8.GetBytes(body)).Error).Fields.Keys);

    [Fact]
    public void Envelope_OfNothing_NamesEveryFault() => Assert.Equal(
        ["data", "event", "resource", "timestamp", "token"],
        Assert.IsType<Invalid>(AircallEnvelope.Read("{}"u8.ToArray()).Error).Fields.Keys.Order());

    [Theory]
    [InlineData("1796000000")]
    [InlineData("1796000000000")]
    [InlineData("\"1796000000\"")]
    [InlineData("\"2026-11-30T00:53:20Z\"")]
    [InlineData("\"2026-11-30T01:53:20+01:00\"")]
    public void Envelope_OfATimeInAnyForm_IsThatTime(string timestamp) => Assert.Equal(
        DateTimeOffset.FromUnixTimeSeconds(1_796_000_000),
        AircallEnvelope.Read(Encoding.UTF8.GetBytes(Whole.Replace("1796000000", timestamp, StringComparison.Ordinal))).Value!.At);

    [Fact]
    public void Redacted_AnyBody_HasNoToken()
    {
        var body = """{"token":"secret","resource":"call","data":{"id":1,"big":12345678901234567890,"token":"kept"},"Token":"secret"}"""u8.ToArray();

        Assert.Equal(
            """{"token":"[redacted]","resource":"call","data":{"id":1,"big":12345678901234567890,"token":"kept"},"Token":"[redacted]"}""",
            AircallEnvelope.Redacted(LooseJson.Parse(body)!.Value));
    }

    [Fact]
    public void Call_OfTheApi_ReadsItsOtherNames()
    {
        var call = AircallCalls.Read(
            JsonDocument.Parse("""{"id":1,"sid":"CA1","status":"done","cost":"0.5","archived":false,"comments":[{"content":"zonder id"}]}""").RootElement,
            CallEventKind.Snapshot, DateTimeOffset.UnixEpoch.AddYears(50))!;

        Assert.Equal(("CA1", true, 0.005m, false), (call.CallUuid, call.IsDone, call.Cost, call.IsArchived!.Value));
        Assert.Equal("zonder id", Assert.Single(call.Comments).Content);
    }

    [Fact]
    public void Call_OfValuesOfAnyOtherType_ReadsWhatItCan()
    {
        var call = Assert.IsType<CallReading>(Read("call.ended", """
            {"id":"123","direction":7,"status":["done"],"started_at":"soon","answered_at":{},"ended_at":-5,"duration":"12","raw_digits":31612345678,
             "cost":"free","number":[1],"user":"An","teams":{"id":1},"tags":[null,1,{"name":"los"}],"comments":"none","ivr_options_selected":[{"id":"a"},{"id":2},{}],
             "asset":"a\u0000b","recording":"\ud800"}
            """)).Event;

        Assert.Equal(("123", 12, "31612345678", "ab"), (call.CallId, call.Duration, call.RawDigits, call.Asset));
        Assert.Null(call.Direction ?? (object?)call.StartedAt ?? call.AnsweredAt ?? call.EndedAt ?? (object?)call.Cost ?? call.Line ?? (object?)call.Agent ?? call.RecordingUrl);
        Assert.Equal("los", Assert.Single(call.Tags).Name);
        Assert.Equal(["a", "2"], call.IvrOptions.Select(choice => choice.Id));
    }

    [Theory]
    [InlineData("user.opened.v2", """{"id":5,"name":"An","email":"an@x"}""", typeof(AgentReading))]
    [InlineData("user.wut_start.v2", """{"id":5,"last_call_id":12}""", typeof(AgentReading))]
    [InlineData("user.opened", """{"id":5}""", typeof(OtherReading))]
    [InlineData("number.opened", """{"id":7,"digits":"+31 85 012 3456"}""", typeof(LineReading))]
    [InlineData("message.received", """{"id":"m"}""", typeof(MessageReading))]
    [InlineData("transcription.created", """{"call_id":12}""", typeof(CallReading))]
    [InlineData("transcription.created", """{}""", typeof(UnknownReading))]
    [InlineData("action_item.created", """{"call_id":12}""", typeof(InsightReading))]
    [InlineData("ai_voice_agent.summary", """{"call_id":"12"}""", typeof(InsightReading))]
    [InlineData("ai_voice_agent.started", """{"call_id":12}""", typeof(CallReading))]
    [InlineData("contact.updated", """{"id":1}""", typeof(OtherReading))]
    [InlineData("call.ended", "{}", typeof(UnknownReading))]
    [InlineData("summary.created", "{}", typeof(UnknownReading))]
    [InlineData("number.moved", """{"id":1}""", typeof(UnknownReading))]
    [InlineData("call.levitated", """{"id":1}""", typeof(UnknownReading))]
    public void Read_ByTheEventsName_WhateverTheResource(string name, string data, Type reading) => Assert.IsType(reading, Read(name, data));

    [Fact]
    public void Read_OfAgentsAndLines_SaysWhoAndWhat()
    {
        Assert.Equal(
            (AgentEventKind.Closed, "out_for_lunch"),
            Read("user.closed.v2", """{"id":5,"substatus":"out_for_lunch"}""") is AgentReading agent ? (agent.Event.Kind, agent.Event.Substatus!) : default);
        Assert.Equal(
            (LineEventKind.Deleted, "7"), Read("number.deleted", """{"id":7}""") is LineReading line ? (line.Event.Kind, line.Event.Line.Id) : default);
    }

    [Property(MaxTest = 500)]
    public void Read_AnyBytes_NeverThrows(byte[] noise, int at, int seed)
    {
        var bodies = AircallStory.Of(Math.Abs(seed % 1_000));
        byte[] body = [.. bodies[(int)((uint)at % (uint)bodies.Count)]];
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));

        if (AircallEnvelope.Read(body) is { Succeeded: true } envelope)
        {
            _ = AircallEnvelope.Redacted(envelope.Value.Whole);
            _ = AircallReader.Read(envelope.Value) is CallReading call ? CallMerge.Apply(null, call.Event) : null;
        }

        Assert.False(AircallEnvelope.Read(noise).Succeeded);
    }

    private static AircallReading Read(string name, string data) =>
        AircallReader.Read(new("anything", name, DateTimeOffset.FromUnixTimeSeconds(1_796_000_000), "t", JsonDocument.Parse(data).RootElement, default));
}
